using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dispatcher.Cli.Errors;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>What a change of a chain did.</summary>
internal static class ChangeOutput
{
    /// <summary>Word for programs that joined.</summary>
    public const string Added = "added";

    /// <summary>Word for programs that left.</summary>
    public const string Removed = "removed";

    /// <summary>Word for a program that took the place of another.</summary>
    public const string Replaced = "replaced";

    /// <summary>Word for programs with another policy.</summary>
    public const string Set = "set";

    /// <summary>Writes the result of a change.</summary>
    /// <param name="session">Where and how.</param>
    /// <param name="result">What was done.</param>
    /// <param name="done">One of the words; null when no program joins or leaves.</param>
    public static void Write(CliSession session, ChangeResult result, string? done)
    {
        if (session.Json)
            JsonAnswer.Write(session.Console, writer => WriteJson(writer, result, done));
        else
            WriteText(session, result, done);
    }

    /// <summary>The kind in JSON, such as <c>nothing-to-do</c>: the name in the API, which is as stable.</summary>
    internal static string KindOf(ChangeNoteKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static void WriteText(CliSession session, ChangeResult result, string? done)
    {
        var console = session.Console;
        foreach (var program in result.Programs)
        {
            var name = console.Paint(Printable.Escape(program.Name), Ink.Strong);
            var place = done == Removed
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" in slot {program.Slot}, priority {program.Priority}, {StatusText.Policy(program.Actions)}");
            console.Out.Write($"{done} {name} (id {program.Id}{Predecessor(result, done)}){place}\n");
        }

        if (done is null && result is { Before.Chain: { } old, After.Chain: { } converted } && old.Version != converted.Version)
            console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"converted from protocol {(int)old.Version} to protocol {(int)converted.Version}\n"));
        if (session.Verbose)
        {
            if (result.Attempts > 1)
            {
                console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"it took {result.Attempts} attempts, because others changed the hook\n"));
                foreach (var (cause, count) in result.LostRaces.CountBy(cause => cause))
                    console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"  {count} x {cause}\n"));
            }

            StatusText.Write(console, [result.After]);
        }
        else
        {
            var programs = result.After.Chain is { } chain ? $", {Counted.Of(chain.Programs.Length, "program")}" : "";
            console.Out.Write($"{StatusText.Headline(result.After)}{programs}\n");
        }

        foreach (var note in result.Notes)
            console.Error.WriteLine($"note: {OptionWords.Of(note.Message)}");
    }

    // The component that is in the chain no more.
    private static string Predecessor(ChangeResult result, string? done)
    {
        var gone = Gone(result).FirstOrDefault();
        return done == Replaced && gone is not null ? $" in place of {gone.Id}" : "";
    }

    private static IEnumerable<ComponentStatus> Gone(ChangeResult result) =>
        Missing(result.Before, result.After.Chain?.Programs.Select(program => (ProgramId?)program.Id));

    /// <summary>Programs of a chain that are not among those after it.</summary>
    /// <param name="before">The chain.</param>
    /// <param name="after">Programs of the chain after it; null: there is none.</param>
    public static IEnumerable<ComponentStatus> Missing(HookStatus before, IEnumerable<ProgramId?>? after) =>
        (before.Chain?.Programs ?? []).ExceptBy(after ?? [], program => program.Id);

    /// <summary>Writes the result of a change as an object.</summary>
    public static void WriteJson(Utf8JsonWriter writer, ChangeResult result, string? done)
    {
        writer.WriteStartObject();
        writer.WriteString("ifname", result.After.InterfaceName);
        writer.WriteNumber("attempts", result.Attempts);
        writer.WriteStartArray("lostRaces");
        foreach (var cause in result.LostRaces)
            writer.WriteStringValue(cause);
        writer.WriteEndArray();
        if (done is not null)
            StatusJson.WritePrograms(writer, done, result.Programs);
        if (done == Replaced)
            StatusJson.WritePrograms(writer, Removed, Gone(result));
        if (done == Added)
            StatusJson.WritePrograms(writer, "kept", result.Kept);
        WriteNotes(writer, result.Notes);
        writer.WritePropertyName("before");
        StatusJson.Write(writer, result.Before);
        writer.WritePropertyName("after");
        StatusJson.Write(writer, result.After);
        writer.WriteEndObject();
    }

    /// <summary>Writes notes as an array property.</summary>
    public static void WriteNotes(Utf8JsonWriter writer, ImmutableArray<ChangeNote> notes)
    {
        writer.WriteStartArray("notes");
        foreach (var note in notes)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", JsonAnswer.NameOf(note.Kind));
            writer.WriteString("message", OptionWords.Of(note.Message));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
