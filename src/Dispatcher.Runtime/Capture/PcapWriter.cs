using System.Buffers.Binary;

namespace Dispatcher.Runtime.Capture;

/// <summary>Writes Ethernet packets as a pcap file with times in nanoseconds, which tcpdump and Wireshark read.</summary>
/// <remarks>
/// <code>
/// file:   u32 0xa1b23c4d; u16 2, 4; u32 0, 0, snap length, link type 1 (Ethernet)
/// packet: u32 seconds, nanoseconds, captured bytes, bytes on the wire; then the captured bytes
/// </code>
/// All numbers little-endian, on every machine.
/// </remarks>
public sealed class PcapWriter
{
    internal const uint MagicNanoseconds = 0xa1b23c4d;
    internal const int FileHeaderSizeBytes = 24;
    internal const int PacketHeaderSizeBytes = 16;
    internal const uint LinkTypeEthernet = 1;
    internal const long NanosecondsPerSecond = 1_000_000_000;

    private readonly Stream _stream;
    private byte[] _packet = [];

    /// <summary>Writes the head of a file.</summary>
    /// <param name="stream">Where it goes; borrowed.</param>
    /// <param name="snapBytes">Bytes of a packet that are kept at most.</param>
    public PcapWriter(Stream stream, int snapBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        Span<byte> header = stackalloc byte[FileHeaderSizeBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, MagicNanoseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], (uint)snapBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeEthernet);
        stream.Write(header);
    }

    /// <summary>Writes a packet, whole, so that a stream without a buffer never holds half of one.</summary>
    /// <param name="timeNs">Nanoseconds since 1970 (UTC), 0 or more.</param>
    /// <param name="bytes">The bytes that were captured, Ethernet header first.</param>
    /// <param name="lengthBytes">Bytes on the wire, at least as many.</param>
    public void Write(long timeNs, ReadOnlySpan<byte> bytes, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timeNs);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, bytes.Length);
        if (_packet.Length < PacketHeaderSizeBytes + bytes.Length)
            _packet = new byte[PacketHeaderSizeBytes + bytes.Length];
        Span<byte> header = _packet;
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(timeNs / NanosecondsPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(timeNs % NanosecondsPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)lengthBytes);
        bytes.CopyTo(header[PacketHeaderSizeBytes..]);
        _stream.Write(header[..(PacketHeaderSizeBytes + bytes.Length)]);
    }
}
