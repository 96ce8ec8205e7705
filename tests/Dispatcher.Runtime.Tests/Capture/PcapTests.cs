using System.Buffers.Binary;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Capture;
using Dispatcher.Testing;

namespace Dispatcher.Runtime.Tests.Capture;

public sealed class PcapTests
{
    private const long Time = 1_700_000_000_123_456_789;

    [Fact]
    public void What_is_written_is_read_again()
    {
        Assert.Equal(
            [(Time, 14, 14u), (Time + 1, 60, 1514u)],
            ReadAll(Sample()).Select(packet => (packet.TimeNs, packet.Bytes.Length, packet.LengthBytes)));
        Assert.Equal(Packet(60), ReadAll(Sample())[1].Bytes.ToArray());
    }

    [Fact]
    public void Tcpdump_reads_what_we_write_and_we_read_what_it_writes()
    {
        var written = Tool.Run(new ToolRequest("tcpdump", "-r", "-", "-w", "-") { Input = Sample() }).OrFail().OutputBytes.ToArray();
        Assert.Equal(
            [(Time - Time % 1000, 14, 14u), (Time - Time % 1000, 60, 1514u)],
            ReadAll(written).Select(packet => (packet.TimeNs, packet.Bytes.Length, packet.LengthBytes)));
    }

    [Fact]
    public void The_other_byte_order_is_read_too()
    {
        var bytes = Sample();
        SwapNumbers(bytes.AsSpan(0, 4));
        SwapNumbers(bytes.AsSpan(8, 16));
        SwapNumbers(bytes.AsSpan(24, 16));
        SwapNumbers(bytes.AsSpan(54, 16));
        Assert.Equal(ReadAll(Sample()).Select(packet => packet.TimeNs), ReadAll(bytes).Select(packet => packet.TimeNs));
    }

    [Fact]
    public void Other_formats_are_refused_with_what_to_do()
    {
        byte[] next = [0x0a, 0x0d, 0x0d, 0x0a, .. new byte[24]];
        Assert.Contains("tcpdump -r FILE -w NEW", Assert.Throws<RefusedException>(() => ReadAll(next)).Message, StringComparison.Ordinal);
        Assert.Contains("a file starts with", Assert.Throws<MalformedObjectException>(() => ReadAll(new byte[24])).Message, StringComparison.Ordinal);
        var wireless = Sample();
        wireless[20] = 127;
        Assert.Contains("link type 127, not Ethernet (1)", Assert.Throws<RefusedException>(() => ReadAll(wireless)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused_or_ends_between_packets()
    {
        var bytes = Sample();
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            if (length is 24 or 54)
                Assert.Equal(length == 24 ? 0 : 1, ReadAll(cut).Count);
            else
                Assert.Throws<MalformedObjectException>(() => ReadAll(cut));
        }
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_when_written()
    {
        var writer = new PcapWriter(new MemoryStream(), 64);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(-1, new byte[14], 14));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(0, new byte[14], 13));
    }

    private static byte[] Sample()
    {
        using var file = new MemoryStream();
        var writer = new PcapWriter(file, 64);
        writer.Write(Time, Packet(14), 14);
        writer.Write(Time + 1, Packet(60), 1514);
        return file.ToArray();
    }

    private static byte[] Packet(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];

    private static List<CapturedPacket> ReadAll(byte[] bytes)
    {
        var packets = new List<CapturedPacket>();
        var reader = new PcapReader(new MemoryStream(bytes));
        while (reader.Read() is { } packet)
            packets.Add(packet);
        return packets;
    }

    private static void SwapNumbers(Span<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at += 4)
            BinaryPrimitives.WriteUInt32BigEndian(bytes[at..], BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));
    }
}
