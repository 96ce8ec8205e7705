using System.Buffers.Binary;

namespace Dispatcher.Compiler.Elf;

/// <summary>Reads fields one after another in one byte order; the caller has checked that they are there.</summary>
internal ref struct ElfFieldReader(ReadOnlySpan<byte> bytes, bool isBigEndian)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte U8() => Next(1)[0];

    public ushort U16() => isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Next(2)) : BinaryPrimitives.ReadUInt16LittleEndian(Next(2));

    public uint U32() => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Next(4)) : BinaryPrimitives.ReadUInt32LittleEndian(Next(4));

    public ulong U64() => isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(Next(8)) : BinaryPrimitives.ReadUInt64LittleEndian(Next(8));

    private ReadOnlySpan<byte> Next(int size)
    {
        var field = _rest[..size];
        _rest = _rest[size..];
        return field;
    }
}
