using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Events of a watch, a line each.</summary>
internal static class EventOutput
{
    /// <summary>Writes an event.</summary>
    public static void Write(CliSession session, ChainEvent change)
    {
        if (session.Json)
            JsonAnswer.WriteLine(session.Console, writer => WriteJson(writer, change));
        else
            WriteText(session.Console, change);
    }

    // Time of day in UTC with its date, since a watch may last.
    private static void WriteText(CliConsole console, ChainEvent change)
    {
        var time = change.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var (words, ink) = EventText.Headline(change.Kind);
        var origin = EventText.Origin(change) is { } known ? " " + console.Paint($"({known})", Ink.Quiet) : "";
        console.Out.Write(
            $"{console.Paint(time, Ink.Quiet)} {console.Paint(Printable.Escape(change.InterfaceName), Ink.Strong)} {console.Paint(words, ink)}"
            + $"{EventText.Details(change)}{origin}\n");
    }

    private static void WriteJson(Utf8JsonWriter writer, ChainEvent change)
    {
        writer.WriteStartObject();
        writer.WriteString("time", change.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        writer.WriteString("event", JsonAnswer.NameOf(change.Kind));
        writer.WriteString("ifname", change.InterfaceName);
        writer.WriteNumber("ifindex", change.InterfaceIndex);
        WriteIds(writer, "joined", change.Joined);
        WriteIds(writer, "left", change.Left);
        WriteIds(writer, "altered", [.. change.Altered.Select(altered => altered.After)]);
        WriteOrigin(writer, change.Origin);
        if (change.MovedTo is { } place)
            WritePlace(writer, place);
        WriteHook(writer, "before", change.Before);
        WriteHook(writer, "after", change.After);
        writer.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter writer, string property, ImmutableArray<ComponentStatus> programs)
    {
        writer.WriteStartArray(property);
        foreach (var program in programs)
            writer.WriteNumberValue(program.Id.Value);
        writer.WriteEndArray();
    }

    private static void WriteOrigin(Utf8JsonWriter writer, ChangeOrigin? origin)
    {
        if (origin is null)
        {
            writer.WriteNull("origin");
            return;
        }

        writer.WriteStartObject("origin");
        if (origin.LockHolder is { } holder)
        {
            writer.WriteStartObject("lockHolder");
            writer.WriteNumber("pid", holder.Id);
            writer.WriteString("command", holder.Command);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("lockHolder");
        }

        WriteNumber(writer, "uid", origin.UserId);
        writer.WriteString("flavour", origin.Flavour is { } flavour ? JsonAnswer.NameOf(flavour) : null);
        writer.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter writer, MovedInterface place)
    {
        writer.WriteStartObject("movedTo");
        WriteNumber(writer, "netnsid", place.NamespaceId);
        WriteNumber(writer, "ifindex", place.InterfaceIndex);
        writer.WriteString("netns", place.NamespaceName);
        writer.WriteEndObject();
    }

    private static void WriteHook(Utf8JsonWriter writer, string property, HookStatus? hook)
    {
        writer.WritePropertyName(property);
        if (hook is null)
            writer.WriteNullValue();
        else
            StatusJson.Write(writer, hook);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string property, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(property, number);
        else
            writer.WriteNull(property);
    }
}
