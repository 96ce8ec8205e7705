using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Dispatcher.Cli.Output;

/// <summary>A packet in a few words: addresses, protocol and ports, as far as its bytes go.</summary>
internal static class PacketSummary
{
    private const int EthernetSizeBytes = 14;
    private const int TagSizeBytes = 4;
    private const int MostTags = 2;
    private const ushort IPv4 = 0x0800;
    private const ushort IPv6 = 0x86dd;
    private const ushort Arp = 0x0806;
    private const ushort Vlan = 0x8100;
    private const ushort QinQ = 0x88a8;
    private const byte HopByHop = 0;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte DestinationOptions = 60;

    /// <summary>For example <c>IPv4 10.0.0.2:4711 > 10.0.0.1:53 UDP</c>.</summary>
    /// <param name="packet">Its first bytes, Ethernet header first; may end anywhere.</param>
    public static string Of(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < EthernetSizeBytes)
            return "too short for Ethernet";
        var text = new StringBuilder();
        var type = BinaryPrimitives.ReadUInt16BigEndian(packet[12..]);
        var rest = packet[EthernetSizeBytes..];
        for (var tags = 0; tags < MostTags && type is Vlan or QinQ && rest.Length >= TagSizeBytes; tags++)
        {
            text.Append(CultureInfo.InvariantCulture, $"VLAN {BinaryPrimitives.ReadUInt16BigEndian(rest) & 0xfff} ");
            type = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = rest[TagSizeBytes..];
        }

        return text.Append(type switch
        {
            IPv4 when rest.Length >= 20 && rest[0] >> 4 == 4 => DescribeIPv4(rest),
            IPv6 when rest.Length >= 40 && rest[0] >> 4 == 6 => DescribeIPv6(rest),
            Arp => $"ARP from {Mac(packet[6..12])}",
            _ => $"0x{type:x4} {Mac(packet[6..12])} > {Mac(packet[..6])}",
        }).ToString();
    }

    private static string DescribeIPv4(ReadOnlySpan<byte> header)
    {
        var size = (header[0] & 0xf) * 4;
        var isFirstFragment = (BinaryPrimitives.ReadUInt16BigEndian(header[6..]) & 0x1fff) == 0;
        return Describe("IPv4", header[12..16], header[16..20], header[9], isFirstFragment && size <= header.Length ? header[size..] : []);
    }

    private static string DescribeIPv6(ReadOnlySpan<byte> header)
    {
        var protocol = header[6];
        var rest = header[40..];
        while (protocol is HopByHop or Routing or Fragment or DestinationOptions && rest.Length >= 8)
        {
            var isLaterFragment = protocol == Fragment && (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) & 0xfff8) != 0;
            var size = protocol == Fragment ? 8 : (rest[1] + 1) * 8;
            protocol = rest[0];
            rest = isLaterFragment || size > rest.Length ? [] : rest[size..];
        }

        return Describe("IPv6", header[8..24], header[24..40], protocol, rest);
    }

    private static string Describe(string family, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ReadOnlySpan<byte> rest)
    {
        var (from, to) = (new IPAddress(source).ToString(), new IPAddress(destination).ToString());
        var name = protocol switch
        {
            Tcp => "TCP",
            Udp => "UDP",
            1 => "ICMP",
            58 => "ICMPv6",
            _ => $"protocol {protocol}",
        };
        if (protocol is not (Tcp or Udp) || rest.Length < 4)
            return $"{family} {from} > {to} {name}";
        return $"{family} {WithPort(from, rest)} > {WithPort(to, rest[2..])} {name}";
    }

    private static string WithPort(string address, ReadOnlySpan<byte> port)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{BinaryPrimitives.ReadUInt16BigEndian(port)}");
    }

    private static string Mac(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes).Insert(10, ":").Insert(8, ":").Insert(6, ":").Insert(4, ":").Insert(2, ":");
}
