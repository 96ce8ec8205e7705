using System.Buffers.Binary;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Capture;

/// <summary>A packet of a capture file.</summary>
/// <param name="TimeNs">When, in nanoseconds since 1970 (UTC).</param>
/// <param name="Bytes">The bytes that were captured, Ethernet header first.</param>
/// <param name="LengthBytes">Bytes on the wire; more than were captured when the packet was cut.</param>
public sealed record CapturedPacket(long TimeNs, ReadOnlyMemory<byte> Bytes, uint LengthBytes);

/// <summary>Reads pcap files of Ethernet packets, of either byte order, with times in micro- or nanoseconds.</summary>
/// <remarks>The shape is in <see cref="PcapWriter"/>. The newer format pcapng is told apart and refused.</remarks>
public sealed class PcapReader
{
    private const string Format = "pcap";
    private const uint MagicMicroseconds = 0xa1b2c3d4;
    private const uint MagicOfPcapNg = 0x0a0d0d0a;
    private const uint LinkTypeMask = 0x0fff_ffff;
    private const uint MostCapturedBytes = 262_144;

    private readonly Stream _stream;
    private readonly bool _bigEndian;
    private readonly bool _hasNanoseconds;
    private long _offset;

    /// <summary>Reads the head of a file.</summary>
    /// <param name="stream">Borrowed.</param>
    /// <exception cref="MalformedObjectException">Not a pcap file.</exception>
    /// <exception cref="RefusedException">A pcapng file, or packets of something else than Ethernet.</exception>
    public PcapReader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        Span<byte> header = stackalloc byte[PcapWriter.FileHeaderSizeBytes];
        const string Head = "a file starts with a head of 24 bytes";
        if (!TryFill(header, Head))
            throw Malformed(Head);
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        (_bigEndian, _hasNanoseconds) = magic switch
        {
            MagicMicroseconds => (false, false),
            PcapWriter.MagicNanoseconds => (false, true),
            MagicOfPcapNg => throw new RefusedException("This is a pcapng file, which is not read; 'tcpdump -r FILE -w NEW' makes a pcap file of it."),
            _ when BinaryPrimitives.ReverseEndianness(magic) == MagicMicroseconds => (true, false),
            _ when BinaryPrimitives.ReverseEndianness(magic) == PcapWriter.MagicNanoseconds => (true, true),
            _ => throw Malformed("a file starts with 0xa1b2c3d4 or 0xa1b23c4d, in either byte order"),
        };
        if ((Number(header[20..]) & LinkTypeMask) is var link && link != PcapWriter.LinkTypeEthernet)
            throw new RefusedException($"These packets are of link type {link}, not Ethernet (1), as a capture on 'any' is; capture on one Ethernet interface, such as with 'tcpdump -i eth0'.");
        _offset = header.Length;
    }

    /// <summary>Reads the next packet. Null: there are no more.</summary>
    /// <exception cref="MalformedObjectException">The file ends within a packet, or a number is out of range.</exception>
    public CapturedPacket? Read()
    {
        Span<byte> header = stackalloc byte[PcapWriter.PacketHeaderSizeBytes];
        if (!TryFill(header))
            return null;
        var (seconds, fraction, captured, length) = (Number(header), Number(header[4..]), Number(header[8..]), Number(header[12..]));
        var perSecond = _hasNanoseconds ? PcapWriter.NanosecondsPerSecond : 1_000_000;
        if (fraction >= perSecond)
            throw Malformed("the fraction of a second is less than a second");
        if (captured > MostCapturedBytes || captured > length)
            throw Malformed($"a packet has at most {MostCapturedBytes} bytes, and no more than it had on the wire");
        var bytes = new byte[captured];
        if (captured > 0 && !TryFill(bytes))
            throw Malformed("a file ends with a whole packet");
        _offset += header.Length + captured;
        return new CapturedPacket(seconds * PcapWriter.NanosecondsPerSecond + fraction * (PcapWriter.NanosecondsPerSecond / perSecond), bytes, length);
    }

    // False: the stream has ended; within what is to be read that is an error.
    private bool TryFill(Span<byte> bytes, string rule = "a file ends with a whole packet")
    {
        var count = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count == bytes.Length)
            return true;
        return count == 0 ? false : throw Malformed(rule);
    }

    private uint Number(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private MalformedObjectException Malformed(string rule) => new(Format, _offset, rule);
}
