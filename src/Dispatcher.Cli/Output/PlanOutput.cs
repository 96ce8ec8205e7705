using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>What a change would do, for people to read.</summary>
internal static class PlanOutput
{
    /// <summary>Writes the answer to <c>--dry-run</c>.</summary>
    /// <param name="session">Where and how.</param>
    /// <param name="preview">What would be done.</param>
    public static void Write(CliSession session, ChangePreview preview)
    {
        if (session.Json)
            PlanJson.Write(session.Console, preview);
        else
            WriteText(session.Console, [preview]);
    }

    /// <summary>Writes the answers for several interfaces.</summary>
    /// <param name="session">Where and how.</param>
    /// <param name="plans">What would be done, by interface.</param>
    /// <param name="isAllOrNone">Whether a refusal of one means that none is changed.</param>
    public static void Write(CliSession session, IReadOnlyList<InterfacePlan> plans, bool isAllOrNone)
    {
        if (session.Json)
            PlanJson.Write(session.Console, plans);
        else
            WriteText(session.Console, [.. plans.Select(plan => plan.Preview).OfType<ChangePreview>()]);
        var refused = plans.Where(plan => plan.Refusal is not null).ToList();
        BatchOutput.WriteReasons(session.Console, refused.Select(plan => (plan.InterfaceName, plan.Refusal!)));
        if (refused.Count > 0)
            session.Console.Error.WriteLine(isAllOrNone ? "hint: without --keep-going none of the interfaces would be changed" : "hint: with --keep-going the others would be changed");
    }

    /// <summary>What becomes of a packet after a verdict: the next slot, or the verdict of the whole chain.</summary>
    public static string Fate(PlannedChain chain, int slot, XdpAction returned) => chain.VerdictAfter(slot, returned) switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $"slot {slot + 1}"),
        { } verdict => verdict == returned ? "ends" : verdict.KernelName(),
    };

    private static void WriteText(CliConsole console, IReadOnlyList<ChangePreview> previews)
    {
        foreach (var same in previews.GroupBy(Meaning))
        {
            WriteOne(console, [.. same]);
            if (previews.Count > same.Count())
                console.Out.Write('\n');
        }

        BatchOutput.WriteNotes(console, [.. previews.Select(preview => (preview.Before.InterfaceName, preview.Notes))]);
        if (previews.Count > 0)
            console.Out.Write(previews.All(preview => preview.ChangesNothing) ? "there is nothing to change\n" : "nothing was changed: this was a dry run\n");
    }

    /// <summary>What becomes of an interface; those of which the same becomes are told together.</summary>
    private static string Meaning(ChangePreview preview) => $"{preview.ChangesNothing} {string.Join<ComponentStatus>(", ", Leaving(preview))} "
        + (preview.After is { } after ? $"{Headline(after)} {string.Join<PlannedProgram>(' ', after.Programs)}" : "");

    private static void WriteOne(CliConsole console, ChangePreview[] same)
    {
        foreach (var (number, preview) in same.Index())
            console.Out.Write($"{(number == 0 ? "now:  " : "      ")} {StatusText.Headline(preview.Before)}{Count(preview.Before.Chain?.Programs.Length)}\n");
        if (string.Join<ComponentStatus>(", ", Leaving(same[0])) is { Length: > 0 } leaving)
            console.Out.Write($"goes:  {leaving}\n");
        var each = same.Length == 1 ? "" : $"on each of the {same.Length}, ";
        if (same[0].After is not { } after)
        {
            console.Out.Write($"after: {each}no XDP program\n");
            return;
        }

        console.Out.Write($"after: {each}{Headline(after)}{Count(after.Programs.Length)}\n");
        WriteOrder(console, after);
        WriteFates(console, after);
    }

    /// <summary>Programs that would leave the chain.</summary>
    public static IEnumerable<ComponentStatus> Leaving(ChangePreview preview) =>
        preview.ChangesNothing ? [] : ChangeOutput.Missing(preview.Before, preview.After?.Programs.Select(program => program.Id));

    private static string Headline(PlannedChain chain) => string.Create(
        CultureInfo.InvariantCulture, $"{(chain.Mode == AttachMode.Unspecified ? "native if the driver can, else skb" : ModeNames.Of(chain.Mode))}, protocol {(int)chain.Version}{(chain.HasFrags ? ", frags" : "")}");

    private static string Count(int? programs) => programs is { } count ? $", {Counted.Of(count, "program")}" : "";

    private static void WriteOrder(CliConsole console, PlannedChain chain)
    {
        var table = new TextTable(
            new Column("Slot", IsRight: true), new Column("Was", IsRight: true), new Column("Prio", IsRight: true), new Column("Name", NarrowestWidth: 15),
            new Column("Id", IsRight: true), new Column("Place by", MayBeLeftOut: true), new Column("Actions", NarrowestWidth: 13));
        foreach (var program in chain.Programs)
        {
            table.Add(
                new Cell(program.Slot.ToString(CultureInfo.InvariantCulture)),
                program.SlotBefore is { } before ? new Cell(before.ToString(CultureInfo.InvariantCulture)) : new Cell("new", Ink.Good),
                new Cell(program.Priority.ToString(CultureInfo.InvariantCulture)),
                new Cell(Printable.Escape(program.Name), Ink.Strong),
                new Cell(program.Id?.ToString() ?? "-", Ink.Handle),
                new Cell(program.FollowsBy is { } rule ? Words(rule) : "-", Ink.Quiet),
                new Cell(StatusText.Actions(program.Actions) + (program.HasFrags ? " (frags)" : "") + (program.IsDeviceBound ? " (device-bound)" : "")));
        }

        table.Write(console);
    }

    private static void WriteFates(CliConsole console, PlannedChain chain)
    {
        console.Out.Write("what becomes of a packet when a program returns\n");
        var table = new TextTable(
            [new Column("Slot", IsRight: true), .. XdpActionNames.All.Select(action => new Column(action.KernelName()))]);
        foreach (var program in chain.Programs)
        {
            table.Add(
            [
                new Cell(program.Slot.ToString(CultureInfo.InvariantCulture)),
                .. XdpActionNames.All.Select(action => new Cell(Fate(chain, program.Slot, action))),
            ]);
        }

        table.Write(console);
    }

    private static string Words(SlotOrderRule rule) => rule switch
    {
        SlotOrderRule.Priority => "priority",
        SlotOrderRule.Name => "name",
        SlotOrderRule.InChain => "it is new",
        SlotOrderRule.InstructionCount => "size",
        SlotOrderRule.Tag => "tag",
        _ => "load time",
    };
}
