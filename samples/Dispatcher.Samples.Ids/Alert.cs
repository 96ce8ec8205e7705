using System.Net;

namespace Dispatcher.Samples.Ids;

/// <summary>What the program reports: <c>struct ids_event</c> of bpf/ids.bpf.c.</summary>
/// <param name="Kind">What the source does.</param>
/// <param name="Count">Connection attempts or ports when it was noticed.</param>
/// <param name="Source">Who.</param>
/// <param name="Port">Destination of the packet that was one too many.</param>
/// <param name="Protocol">6 TCP, 17 UDP.</param>
internal sealed record Alert(string Kind, uint Count, IPAddress Source, ushort Port, byte Protocol)
{
    /// <summary>Reads a record of the ring buffer; integers are in host byte order, as the program wrote them.</summary>
    public static Alert Read(ReadOnlySpan<byte> record)
    {
        var source = new IPAddress(record[16..32]);
        return new Alert(
            BitConverter.ToUInt32(record[8..]) switch { 1 => "syn-flood", 2 => "port-scan", var kind => $"kind-{kind}" },
            BitConverter.ToUInt32(record[12..]),
            source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source,
            BitConverter.ToUInt16(record[32..]),
            record[34]);
    }

    /// <summary>As it is logged.</summary>
    public override string ToString() => $"{Kind} from {Source}: {Count}, the last {(Protocol == 6 ? "tcp" : "udp")}/{Port}";
}
