using System.Buffers.Binary;

namespace Dispatcher.Compiler.Btf;

/// <summary>Reads words of either byte order and refuses to read past the end.</summary>
internal ref struct BtfReader(ReadOnlySpan<byte> bytes, int start, bool bigEndian, string format)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes from the start of the whole object, for error texts.</summary>
    public int Offset { get; private set; } = start;

    public readonly int Remaining => _bytes.Length - Offset;

    public uint ReadU32()
    {
        var span = Take(4);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(span) : BinaryPrimitives.ReadUInt32LittleEndian(span);
    }

    /// <summary>Fails unless a list fits in what is left, before anything is allocated for it.</summary>
    public readonly void Expect(long count, int elementSize)
    {
        if (count * elementSize > Remaining)
            throw Malformed($"{count} elements of {elementSize} bytes fit in the {Remaining} bytes left");
    }

    public readonly MalformedObjectException Malformed(string rule) => new(format, Offset, rule);

    private ReadOnlySpan<byte> Take(int size)
    {
        if (Remaining < size)
            throw Malformed($"{size} more bytes follow, not {Remaining}");
        var span = _bytes.Slice(Offset, size);
        Offset += size;
        return span;
    }
}
