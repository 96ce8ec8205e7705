using System.Globalization;
using System.Runtime.InteropServices;

namespace Dispatcher.Samples.Firewall;

/// <summary>A key of the map <c>blocked_ports</c>: <c>struct port_key</c> of bpf/firewall.bpf.c.</summary>
/// <param name="Number">Port, in host byte order.</param>
/// <param name="Protocol">6 TCP, 17 UDP.</param>
/// <param name="Pad">0.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BlockedPort(ushort Number, byte Protocol, byte Pad = 0)
{
    /// <summary>Protocol and port, such as <c>udp/53</c>, apart by commas.</summary>
    /// <exception cref="FormatException">Something else.</exception>
    public static BlockedPort[] ParseList(string list) =>
        [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    /// <summary>As it is written in the configuration.</summary>
    public override string ToString() => $"{(Protocol == 6 ? "tcp" : "udp")}/{Number}";

    private static BlockedPort Parse(string text) => text.Split('/') switch
    {
        ["tcp", var port] when ushort.TryParse(port, CultureInfo.InvariantCulture, out var number) => new BlockedPort(number, 6),
        ["udp", var port] when ushort.TryParse(port, CultureInfo.InvariantCulture, out var number) => new BlockedPort(number, 17),
        _ => throw new FormatException($"'{text}' is no port such as udp/53."),
    };
}
