using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Capture;

namespace Dispatcher.Cli.Output;

/// <summary>What the programs of a chain do with packets of a file.</summary>
internal static class ExplainOutput
{
    /// <summary>Writes what became of a packet.</summary>
    /// <param name="session">Where and how.</param>
    /// <param name="number">Its number in the file, from 1.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="components">The programs in running order.</param>
    /// <param name="judged">What they did with it.</param>
    public static void Write(CliSession session, uint number, CapturedPacket packet, ImmutableArray<ComponentStatus> components, JudgedPacket judged)
    {
        if (session.Json)
            JsonAnswer.WriteLine(session.Console, writer => WriteJson(writer, number, packet, components, judged));
        else
            WriteText(session.Console, number, packet, components, judged);
    }

    /// <summary>Writes that a packet could not be run.</summary>
    public static void WriteRefusal(CliSession session, uint number, CapturedPacket packet, string reason)
    {
        if (!session.Json)
        {
            session.Console.Out.Write($"{Headline(number, packet)}: {session.Console.Paint("not run", Ink.Doubtful)}: {reason}\n");
            return;
        }

        JsonAnswer.WriteLine(session.Console, writer =>
        {
            WriteStart(writer, number, packet);
            writer.WriteNull("verdict");
            writer.WriteStartArray("slots");
            writer.WriteEndArray();
            writer.WriteString("notRun", reason);
            writer.WriteEndObject();
        });
    }

    private static void WriteText(CliConsole console, uint number, CapturedPacket packet, ImmutableArray<ComponentStatus> components, JudgedPacket judged)
    {
        console.Out.Write($"{Headline(number, packet)}: {Paint(console, judged.Verdict)}\n");
        var width = components.Max(component => Printable.Escape(component.Name).Length);
        for (var slot = 0; slot < judged.Returned.Length; slot++)
        {
            var name = Printable.Escape(components[slot].Name);
            console.Out.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"  slot {slot} {console.Paint(name, Ink.Strong)}{new string(' ', width - name.Length)} {Paint(console, judged.Returned[slot])}\n"));
        }
    }

    private static void WriteJson(
        Utf8JsonWriter writer, uint number, CapturedPacket packet, ImmutableArray<ComponentStatus> components, JudgedPacket judged)
    {
        WriteStart(writer, number, packet);
        writer.WriteString("verdict", TraceOutput.NameOf(judged.Verdict));
        writer.WriteStartArray("slots");
        for (var slot = 0; slot < judged.Returned.Length; slot++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("slot", slot);
            writer.WriteNumber("id", components[slot].Id.Value);
            writer.WriteString("name", components[slot].Name);
            writer.WriteString("returned", TraceOutput.NameOf(judged.Returned[slot]));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteStart(Utf8JsonWriter writer, uint number, CapturedPacket packet)
    {
        writer.WriteStartObject();
        writer.WriteNumber("packet", number);
        writer.WriteNumber("timeNs", packet.TimeNs);
        writer.WriteNumber("length", packet.LengthBytes);
        writer.WriteNumber("captured", packet.Bytes.Length);
        writer.WriteString("summary", PacketSummary.Of(packet.Bytes.Span));
    }

    private static string Headline(uint number, CapturedPacket packet)
    {
        var cut = packet.Bytes.Length < packet.LengthBytes ? string.Create(CultureInfo.InvariantCulture, $" cut to {packet.Bytes.Length}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"packet {number}, {packet.LengthBytes} bytes{cut}, {PacketSummary.Of(packet.Bytes.Span)}");
    }

    private static string Paint(CliConsole console, uint value) => console.Paint(TraceOutput.NameOf(value), TraceOutput.InkOf(value));
}
