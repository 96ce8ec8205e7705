using System.Runtime.InteropServices;
using System.Text;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Interop;

/// <summary>One message out of a datagram.</summary>
internal readonly ref struct NetlinkMessage(ushort type, ushort flags, uint sequence, ReadOnlySpan<byte> body, int offset)
{
    /// <summary>For example RTM_NEWLINK.</summary>
    public ushort Type { get; } = type;

    /// <summary>NLM_F_*.</summary>
    public ushort Flags { get; } = flags;

    /// <summary>Of the request that it answers.</summary>
    public uint Sequence { get; } = sequence;

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Bytes from the start of the datagram to the body.</summary>
    public int Offset { get; } = offset;
}

/// <summary>Reads the messages of one datagram, each checked against its bounds. Pairs with <see cref="NetlinkWriter"/>.</summary>
/// <param name="datagram">As received.</param>
internal ref struct NetlinkReader(ReadOnlySpan<byte> datagram)
{
    private readonly ReadOnlySpan<byte> _bytes = datagram;
    private int _offset;

    /// <summary>Reads the next message.</summary>
    /// <returns>False: the datagram is at its end.</returns>
    /// <exception cref="MalformedObjectException">A length that breaks its bounds.</exception>
    public bool TryRead(out NetlinkMessage message)
    {
        message = default;
        var rest = _bytes[_offset..];
        if (rest.IsEmpty)
            return false;
        if (rest.Length < Netlink.HeaderSizeBytes)
            throw new MalformedObjectException(Netlink.Format, _offset, "a message has a header of 16 bytes");
        var length = MemoryMarshal.Read<uint>(rest);
        if (length < Netlink.HeaderSizeBytes || length > rest.Length)
            throw new MalformedObjectException(Netlink.Format, _offset, "the length of a message is at least 16 and stays within the datagram");
        message = new NetlinkMessage(
            MemoryMarshal.Read<ushort>(rest[4..]),
            MemoryMarshal.Read<ushort>(rest[6..]),
            MemoryMarshal.Read<uint>(rest[8..]),
            rest[Netlink.HeaderSizeBytes..(int)length],
            _offset + Netlink.HeaderSizeBytes);
        _offset += Math.Min(Netlink.Align((int)length), rest.Length);
        return true;
    }
}

/// <summary>Reads the attributes of a message or of a nest, each checked against its bounds.</summary>
/// <param name="bytes">The attributes.</param>
/// <param name="start">Bytes from the start of the datagram, for errors.</param>
internal ref struct NetlinkAttributeReader(ReadOnlySpan<byte> bytes, int start)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _start = start;
    private int _offset;

    /// <summary>Type of the current attribute, without its flag bits.</summary>
    public ushort Type { get; private set; }

    /// <summary>Bytes of the current attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    private int ValueStart { get; set; }

    /// <summary>Moves to the next attribute.</summary>
    /// <returns>False: there is none.</returns>
    /// <exception cref="MalformedObjectException">A length that breaks its bounds.</exception>
    public bool MoveNext()
    {
        var rest = _bytes[_offset..];
        if (rest.IsEmpty)
            return false;
        if (rest.Length < Netlink.AttributeHeaderSizeBytes)
            throw new MalformedObjectException(Netlink.Format, _start + _offset, "an attribute has a header of 4 bytes");
        int length = MemoryMarshal.Read<ushort>(rest);
        if (length < Netlink.AttributeHeaderSizeBytes || length > rest.Length)
            throw new MalformedObjectException(Netlink.Format, _start + _offset, "the length of an attribute is at least 4 and stays within its parent");
        Type = (ushort)(MemoryMarshal.Read<ushort>(rest[2..]) & Netlink.AttributeTypeMask);
        Value = rest[Netlink.AttributeHeaderSizeBytes..length];
        ValueStart = _start + _offset + Netlink.AttributeHeaderSizeBytes;
        _offset += Math.Min(Netlink.Align(length), rest.Length);
        return true;
    }

    /// <summary>The current value as the first byte of it.</summary>
    public readonly byte ReadByte() => Require(sizeof(byte))[0];

    /// <summary>The current value as a 32-bit number.</summary>
    public readonly uint ReadUInt32() => MemoryMarshal.Read<uint>(Require(sizeof(uint)));

    /// <summary>The current value as text up to its NUL.</summary>
    public readonly string ReadText()
    {
        var end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }

    /// <summary>The attributes inside the current one.</summary>
    public readonly NetlinkAttributeReader ReadNest() => new(Value, ValueStart);

    private readonly ReadOnlySpan<byte> Require(int size) => Value.Length >= size
        ? Value
        : throw new MalformedObjectException(Netlink.Format, ValueStart, $"attribute {Type} holds at least {size} bytes");
}
