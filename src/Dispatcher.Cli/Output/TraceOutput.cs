using System.Globalization;
using System.Text.Json;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Packets of a trace, a line each.</summary>
internal static class TraceOutput
{
    /// <summary>Writes a packet.</summary>
    public static void Write(CliSession session, TracedPacket packet)
    {
        if (session.Json)
            JsonAnswer.WriteLine(session.Console, writer => WriteJson(writer, packet));
        else
            WriteText(session.Console, packet);
    }

    /// <summary>The kernel's name of a return value, or the number.</summary>
    public static string NameOf(uint value) =>
        value <= (uint)XdpAction.Redirect ? ((XdpAction)value).KernelName() : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>How much a return value needs attention.</summary>
    public static Ink InkOf(uint value) => value switch
    {
        (uint)XdpAction.Drop => Ink.Doubtful,
        (uint)XdpAction.Aborted or > (uint)XdpAction.Redirect => Ink.Bad,
        _ => Ink.Good,
    };

    private static void WriteText(CliConsole console, TracedPacket packet)
    {
        var verdict = console.Paint(NameOf(packet.Verdict), InkOf(packet.Verdict));
        var returned = packet.Returned == packet.Verdict ? "" : $" (after {NameOf(packet.Returned)})";
        var name = console.Paint(Printable.Escape(packet.Name), Ink.Strong);
        console.Out.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeOf(packet.TimeNs)} slot {packet.Slot} {name} {verdict}{returned} {packet.LengthBytes} bytes {PacketSummary.Of(packet.Bytes.Span)}\n"));
    }

    private static void WriteJson(Utf8JsonWriter writer, TracedPacket packet)
    {
        writer.WriteStartObject();
        writer.WriteNumber("timeNs", packet.TimeNs);
        writer.WriteNumber("slot", packet.Slot);
        writer.WriteNumber("id", packet.Id.Value);
        writer.WriteString("name", packet.Name);
        writer.WriteString("verdict", NameOf(packet.Verdict));
        writer.WriteString("returned", NameOf(packet.Returned));
        writer.WriteNumber("length", packet.LengthBytes);
        writer.WriteNumber("captured", packet.Bytes.Length);
        writer.WriteString("summary", PacketSummary.Of(packet.Bytes.Span));
        writer.WriteEndObject();
    }

    // Time of day in UTC, with all nine digits.
    private static string TimeOf(long timeNs)
    {
        const long NanosecondsPerSecond = 1_000_000_000;
        var second = DateTimeOffset.FromUnixTimeSeconds(timeNs / NanosecondsPerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{second:HH:mm:ss}.{timeNs % NanosecondsPerSecond:D9}");
    }
}
