using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dispatcher.Cli.Errors;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>What a change of several interfaces did.</summary>
internal static class BatchOutput
{
    /// <summary>Writes the result: text with what failed on standard error as well, or one JSON document.</summary>
    /// <param name="session">Where and how.</param>
    /// <param name="result">What was done.</param>
    /// <param name="done">One of the words of <see cref="ChangeOutput"/>; null when no program joins or leaves.</param>
    public static void Write(CliSession session, BatchResult result, string? done)
    {
        if (session.Json)
            WriteJson(session.Console, result, done);
        else
            WriteText(session.Console, result, session.Verbose);
        WriteRemarks(session.Console, result, areKeptTold: done == ChangeOutput.Added);
    }

    private static void WriteText(CliConsole console, BatchResult result, bool verbose)
    {
        var table = new TextTable(
            new Column("Interface"), new Column("Result"), new Column("Mode"), new Column("Dispatcher", IsRight: true), new Column("Programs", NarrowestWidth: 20));
        foreach (var outcome in result.Interfaces)
        {
            var now = Now(outcome);
            var chain = now?.Chain;
            table.Add(
                new Cell(Printable.Escape(outcome.InterfaceName), Ink.Strong),
                new Cell(Words(outcome.Kind), InkOf(outcome.Kind)),
                new Cell(chain is null ? "" : ModeNames.Of(now!.Mode)),
                new Cell(chain?.DispatcherId.ToString() ?? "", Ink.Handle),
                new Cell(Programs(outcome, chain)));
        }

        table.Write(console);
        var counts = result.Interfaces.CountBy(outcome => outcome.Kind).OrderBy(each => each.Key)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Value} {Words(each.Key)}"));
        console.Out.Write($"{Counted.Of(result.Interfaces.Length, "interface")}: {string.Join(", ", counts)}\n");
        if (verbose)
            StatusText.Write(console, [.. result.Interfaces.Select(Now).OfType<HookStatus>()]);
    }

    // Of a hook that was emptied, what it was that went.
    private static string Programs(InterfaceOutcome outcome, ChainStatus? now) => now is null && outcome is { Kind: InterfaceOutcomeKind.Changed, Result.Before.Chain: { } gone }
        ? $"removed {string.Join<ComponentStatus>(", ", gone.Programs)}"
        : string.Join<ComponentStatus>(", ", now is null ? [] : now.Programs);

    private static void WriteRemarks(CliConsole console, BatchResult result, bool areKeptTold)
    {
        var made = result.Interfaces.Where(outcome => outcome.Kind is InterfaceOutcomeKind.Changed or InterfaceOutcomeKind.Unchanged).ToList();
        // That there was nothing to do, the table says; which program was kept instead of the one that was named, it does not.
        WriteNotes(console, [.. made.Select(outcome => (outcome.InterfaceName, outcome.Result!.Notes.RemoveAll(note => note.Kind == ChangeNoteKind.NothingToDo && !areKeptTold)))]);
        WriteReasons(console, result.Interfaces.Where(outcome => outcome.Failure is not null).Select(outcome => (outcome.InterfaceName, outcome.Failure!)));
        if (result.Interfaces.Any(outcome => outcome.Kind == InterfaceOutcomeKind.NotUndone))
            console.Error.WriteLine("hint: what is 'not undone' was changed by somebody else since, or refused; 'xdp-dispatch status' shows what it carries now");
        else if (result.Interfaces.Any(outcome => outcome.Kind is InterfaceOutcomeKind.Undone or InterfaceOutcomeKind.NotTried))
            console.Error.WriteLine(HintOf(result.FirstFailure));
    }

    // No interface takes a program that the kernel refuses.
    private static string HintOf(DispatcherException? failure) => failure is VerifierException or ComponentException or UnsupportedKernelException
        ? "hint: every interface is as it was"
        : "hint: every interface is as it was; --keep-going changes those that can be";

    /// <summary>Writes notes, each once, with the interfaces that it is about unless it is about all.</summary>
    public static void WriteNotes(CliConsole console, IReadOnlyList<(string InterfaceName, ImmutableArray<ChangeNote> Notes)> all)
    {
        foreach (var same in all.SelectMany(each => each.Notes.Select(note => (each.InterfaceName, note.Message))).Distinct().GroupBy(each => each.Message))
        {
            var names = same.Count() == all.Count ? "" : string.Join(", ", same.Select(each => Printable.Escape(each.InterfaceName))) + ": ";
            console.Error.WriteLine($"note: {names}{OptionWords.Of(same.Key)}");
        }
    }

    /// <summary>Writes why interfaces were refused, each reason once with those that it is about.</summary>
    public static void WriteReasons(CliConsole console, IEnumerable<(string InterfaceName, DispatcherException Failure)> refused)
    {
        foreach (var same in refused.GroupBy(each => ErrorReport.Of(each.Failure).Message))
            console.Error.WriteLine($"{console.PaintError("xdp-dispatch:", Ink.Bad)} {Of(same.Key, [.. same.Select(each => Printable.Escape(each.InterfaceName))])}");
    }

    // Most messages name their interface.
    private static string Of(string message, string[] names) =>
        names is [var only] && message.Split(' ', '\'', ';', '.', ',', ':').Contains(only, StringComparer.Ordinal) ? message : $"{string.Join(", ", names)}: {message}";

    private static HookStatus? Now(InterfaceOutcome outcome) => outcome.Kind == InterfaceOutcomeKind.Undone ? outcome.Result?.Before : outcome.Result?.After;

    private static string Words(InterfaceOutcomeKind kind) => kind switch
    {
        InterfaceOutcomeKind.NotTried => "not tried",
        InterfaceOutcomeKind.NotUndone => "not undone",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static Ink InkOf(InterfaceOutcomeKind kind) => kind switch
    {
        InterfaceOutcomeKind.Changed => Ink.Good,
        InterfaceOutcomeKind.Failed or InterfaceOutcomeKind.NotUndone => Ink.Bad,
        InterfaceOutcomeKind.Undone => Ink.Doubtful,
        _ => Ink.Quiet,
    };

    private static void WriteJson(CliConsole console, BatchResult result, string? done) => JsonAnswer.Write(console, writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", result.Succeeded);
        writer.WriteStartArray("interfaces");
        foreach (var outcome in result.Interfaces)
            WriteOutcome(writer, outcome, done);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteOutcome(Utf8JsonWriter writer, InterfaceOutcome outcome, string? done)
    {
        writer.WriteStartObject();
        writer.WriteString("ifname", outcome.InterfaceName);
        writer.WriteString("outcome", JsonAnswer.NameOf(outcome.Kind));
        if (outcome.Result is { } made)
        {
            writer.WritePropertyName("change");
            ChangeOutput.WriteJson(writer, made, done);
        }

        if (outcome.Failure is { } failure)
            WriteError(writer, failure);
        writer.WriteEndObject();
    }

    /// <summary>Writes why an interface was refused, as a property.</summary>
    public static void WriteError(Utf8JsonWriter writer, Exception failure)
    {
        var report = ErrorReport.Of(failure);
        writer.WriteStartObject("error");
        writer.WriteString("kind", report.Kind);
        writer.WriteString("message", report.Message);
        writer.WriteNumber("exitCode", (int)report.ExitCode);
        writer.WriteEndObject();
    }
}
