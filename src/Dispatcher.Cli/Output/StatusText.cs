using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Hooks for people to read.</summary>
internal static class StatusText
{
    private const string UsualBpfFs = XdpDispatcherOptions.UsualBpfFsPath;
    private const string OutOfPlace = " (under 'ip netns exec' there is none: use --netns instead; else mount it)";
    private const string NamedWrongly = $", which LIBXDP_BPFFS names (leave that out for {UsualBpfFs}, which applications share)";
    private static readonly Version FirstWithFrags = new(5, 18);

    /// <summary>Writes several hooks: chains first as they come, then in one line the interfaces without a program.</summary>
    public static void Write(CliConsole console, IReadOnlyList<HookStatus> hooks)
    {
        var isFirst = true;
        foreach (var hook in hooks.Where(h => !h.IsEmpty))
        {
            if (!isFirst)
                console.Out.Write('\n');
            isFirst = false;
            WriteOne(console, hook);
        }

        var empty = hooks.Where(h => h.IsEmpty).Select(h => Printable.Escape(h.InterfaceName)).ToArray();
        if (empty.Length == 0)
            return;
        if (!isFirst)
            console.Out.Write('\n');
        console.Out.Write($"No XDP program on: {string.Join(", ", empty)}\n");
    }

    /// <summary>The interface with its mode and dispatcher, as one line without colour.</summary>
    public static string Headline(HookStatus hook) => $"{Printable.Escape(hook.InterfaceName)} {Describe(hook)}";

    /// <summary>What the chain goes on after, with room to break lines.</summary>
    public static string Actions(ChainCallActions actions) => actions.ToString().Replace(",", ", ", StringComparison.Ordinal);

    /// <summary>The same as part of a sentence.</summary>
    public static string Policy(ChainCallActions actions) => actions.Mask == 0 ? "always ends the chain" : $"goes on after {Actions(actions)}";

    private static void WriteOne(CliConsole console, HookStatus hook)
    {
        var ink = hook.Chain is null ? Ink.Doubtful : Ink.Strong;
        console.Out.Write($"{console.Paint(Printable.Escape(hook.InterfaceName), ink)} {Describe(hook)}\n");
        if (hook.Foreign?.Holder is { } holder)
            console.Out.Write($"it is {holder}\n{string.Concat(holder.Advice.Select(sentence => sentence + "\n"))}");
        if (hook.Broken is { Programs.IsEmpty: false })
            console.Out.Write("what runs of it:\n");
        if ((hook.Chain?.Programs ?? hook.Broken?.Programs) is { IsEmpty: false } programs)
            WriteTable(console, programs);
        if (hook.Chain is { IsFragsDowngraded: true } chain)
            console.Out.Write(FragsRemark(chain, Environment.OSVersion.Version) + "\n");
    }

    private static void WriteTable(CliConsole console, IEnumerable<ComponentStatus> programs)
    {
        var table = new TextTable(
            new Column("Slot", IsRight: true), new Column("Prio", IsRight: true), new Column("Name", NarrowestWidth: 15),
            new Column("Id", IsRight: true), new Column("Tag", MayBeLeftOut: true), new Column("Actions", NarrowestWidth: 13));
        foreach (var program in programs)
        {
            table.Add(
                new Cell(program.Slot.ToString(CultureInfo.InvariantCulture)),
                new Cell(program.Priority.ToString(CultureInfo.InvariantCulture)),
                new Cell(Printable.Escape(program.Name), Ink.Strong),
                new Cell(program.Id.ToString(), Ink.Handle),
                new Cell(program.Tag.ToString(), Ink.Quiet),
                new Cell(Actions(program.Actions) + (program.HasFrags ? " (frags)" : "") + (program.IsDeviceBound ? " (device-bound)" : "")));
        }

        table.Write(console);
    }

    /// <summary>Why a chain takes no packets in several buffers, though programs of it do.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="kernel">Release of the kernel. Source: frags came with Linux 5.18; some distributions have them earlier.</param>
    public static string FragsRemark(ChainStatus chain, Version kernel)
    {
        var causes = string.Join(", ", chain.FragsPreventedBy.Select(program => $"{Printable.Escape(program.Name)} (id {program.Id})"));
        return causes.Length == 0
            ? "without frags, though every program takes them: the kernel has none, or who built the chain left them out"
            : $"without frags, because of {causes}" + (kernel < FirstWithFrags ? "; Linux before 5.18 may have none at all" : "");
    }

    private static string Describe(HookStatus hook)
    {
        var index = string.Create(CultureInfo.InvariantCulture, $"(ifindex {hook.InterfaceIndex})");
        if (hook.Foreign is { } foreign)
            return $"{index} {ModeNames.Of(hook.Mode)}, held by program {foreign.Id} '{Printable.Escape(foreign.Name)}': {Printable.Escape(foreign.Reason)}";
        if (hook.Broken is { } broken)
        {
            return $"{index} {ModeNames.Of(hook.Mode)}, dispatcher {broken.DispatcherId}, protocol {(int)broken.Version}, "
                + (broken.MissingBpfFs is null ? "BROKEN: " : "") + Loss(broken, hook.InterfaceName);
        }

        if (hook.Chain is not { } chain)
            return $"{index} no XDP program";
        var frags = chain.HasFrags ? ", frags" : "";
        return $"{index} {ModeNames.Of(hook.Mode)}, dispatcher {chain.DispatcherId}, protocol {(int)chain.Version}, tag {chain.Tag}{frags}";
    }

    /// <summary>What is wrong with a broken chain, and what to do.</summary>
    public static string Loss(BrokenChain broken, string interfaceName)
    {
        if (broken.MissingBpfFs is { } path)
            return $"its pins are not seen: there is no BPF file system at {Printable.Escape(path)}{(path == UsualBpfFs ? OutOfPlace : NamedWrongly)}"
                + (broken.LostSlots.Any(lost => lost.IsAlive == false) ? $"; {broken}; once it is mounted, {broken.AdviceFor(interfaceName)}" : "");
        return $"{broken}; {broken.AdviceFor(interfaceName)}";
    }
}
