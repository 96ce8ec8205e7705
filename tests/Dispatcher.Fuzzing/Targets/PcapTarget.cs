using System.Buffers.Binary;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Capture;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A capture file, and the summary of each packet in it.</summary>
internal sealed class PcapTarget : IFuzzTarget
{
    private const int FileHeader = 24;
    private const int PacketHeader = 16;

    private static readonly string[] Packets =
    [
        "0200000000010200000000020800450000230001000040110000 0a4d00020a4d0001126700350 00f000078353300",
        "02000000000102000000000281000064810000c886dd6000000000140640 20010db8000000000000000000000001 20010db8000000000000000000000002 00501f90",
        "0200000000010200000000020806 00010800060400010200000000020a4d00020000000000000a4d0001",
    ];

    public string Name => "pcap";

    public string Suite => "cli";

    public IReadOnlyList<Type> Covers => [typeof(PcapReader), typeof(PacketSummary)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf)
    {
        using var file = new MemoryStream();
        var writer = new PcapWriter(file, 2048);
        foreach (var packet in Packets.Select(hex => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))))
            writer.Write(1_700_000_000_000_000_001, packet, packet.Length + 1);
        yield return file.ToArray();
    }

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
        layout.AddField(0, 4, [0xa1b2c3d4, 0xa1b23c4d, 0xd4c3b2a1, 0x4d3cb2a1]);
        layout.AddFields(4, 2, 2, 4, 4, 4, 4);
        for (var at = FileHeader; at + PacketHeader <= input.Length;)
        {
            var captured = BinaryPrimitives.ReadUInt32LittleEndian(input[(at + 8)..]);
            layout.AddFields(at, 4, 4, 4, 4);
            if (captured > input.Length - at - PacketHeader)
                break;
            layout.AddRecord(at, PacketHeader + captured);
            layout.AddFields(at + PacketHeader + 12, 2, 1, 1, 2);
            at += PacketHeader + (int)captured;
        }
    }

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException or RefusedException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new PcapReader(new MemoryStream(input.ToArray()));
        while (reader.Read() is { } packet)
        {
            BrokenPromiseException.ThrowUnless(packet.TimeNs >= 0 && packet.Bytes.Length <= packet.LengthBytes, "a packet has a time and no more bytes than on the wire");
            var summary = PacketSummary.Of(packet.Bytes.Span);
            BrokenPromiseException.ThrowUnless(summary.Length is > 0 and < 200 && !summary.Any(char.IsControl), "a summary is a short line of text");
        }
    }
}
