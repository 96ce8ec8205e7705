using System.Runtime.InteropServices;
using System.Text;

namespace Dispatcher.Runtime.Interop;

/// <summary>Writes one netlink message into a buffer of the caller. Pairs with <see cref="NetlinkReader"/>.</summary>
/// <remarks>
/// <code>
/// u32 length | u16 type | u16 flags | u32 sequence | u32 port      header, 16 bytes
/// fixed part of the type (ifinfomsg: 16 bytes)
/// attributes: u16 length with its 4 bytes | u16 type | value | padding to 4
/// </code>
/// All numbers in host byte order.
/// </remarks>
internal ref struct NetlinkWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Starts a message.</summary>
    /// <param name="buffer">Room for the whole message; what does not fit throws.</param>
    /// <param name="type">For example RTM_GETLINK.</param>
    /// <param name="flags">NLM_F_*.</param>
    /// <param name="sequence">Comes back in every answer.</param>
    public NetlinkWriter(Span<byte> buffer, ushort type, ushort flags, uint sequence)
    {
        _buffer = buffer;
        buffer.Clear();
        _length = Netlink.HeaderSizeBytes;
        MemoryMarshal.Write(buffer[4..], type);
        MemoryMarshal.Write(buffer[6..], flags);
        MemoryMarshal.Write(buffer[8..], sequence);
    }

    /// <summary>Writes <c>struct ifinfomsg</c> with an ifindex and nothing else.</summary>
    public void WriteInterfaceHeader(int ifindex)
    {
        var part = Reserve(Netlink.InterfaceHeaderSizeBytes);
        MemoryMarshal.Write(part[4..], ifindex);
    }

    /// <summary>Writes an attribute with a 32-bit value.</summary>
    public void Write(ushort type, uint value) => MemoryMarshal.Write(Attribute(type, sizeof(uint)), value);

    /// <summary>Writes an attribute with a 32-bit value.</summary>
    public void Write(ushort type, int value) => MemoryMarshal.Write(Attribute(type, sizeof(int)), value);

    /// <summary>Writes an attribute with a text that ends in NUL.</summary>
    public void Write(ushort type, string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Encoding.UTF8.GetBytes(value, Attribute(type, size + 1));
    }

    /// <summary>Starts an attribute that holds attributes.</summary>
    /// <returns>Where it starts, for <see cref="EndNest"/>.</returns>
    public int BeginNest(ushort type)
    {
        var start = _length;
        Attribute((ushort)(type | Netlink.NestedFlag), 0);
        return start;
    }

    /// <summary>Ends the nest that started there.</summary>
    public readonly void EndNest(int start) => MemoryMarshal.Write(_buffer[start..], (ushort)(_length - start));

    /// <summary>Writes the length of the whole.</summary>
    /// <returns>The message.</returns>
    public readonly ReadOnlySpan<byte> Finish()
    {
        MemoryMarshal.Write(_buffer, _length);
        return _buffer[.._length];
    }

    private Span<byte> Attribute(ushort type, int size)
    {
        var part = Reserve(Netlink.Align(Netlink.AttributeHeaderSizeBytes + size));
        MemoryMarshal.Write(part, (ushort)(Netlink.AttributeHeaderSizeBytes + size));
        MemoryMarshal.Write(part[2..], type);
        return part.Slice(Netlink.AttributeHeaderSizeBytes, size);
    }

    private Span<byte> Reserve(int size)
    {
        var part = _buffer.Slice(_length, size);
        _length += size;
        return part;
    }
}
