using System.Buffers.Binary;

namespace Dispatcher.Compiler.Btf;

/// <summary>Writes words of either byte order into a buffer of the right size.</summary>
internal ref struct BtfWriter(Span<byte> buffer, bool bigEndian)
{
    private readonly Span<byte> _buffer = buffer;

    public int Offset { get; private set; }

    public void WriteU32(uint value)
    {
        var span = Take(4);
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(span, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(span, value);
    }

    public void WriteU16(ushort value)
    {
        var span = Take(2);
        if (bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(span, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(span, value);
    }

    public void WriteU8(byte value) => Take(1)[0] = value;

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private Span<byte> Take(int size)
    {
        var span = _buffer.Slice(Offset, size);
        Offset += size;
        return span;
    }
}
