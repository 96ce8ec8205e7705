using System.Buffers.Binary;

namespace Dispatcher.Compiler.Elf;

/// <summary>Writes fields one after another in one byte order.</summary>
internal ref struct ElfFieldWriter(Span<byte> bytes, bool isBigEndian)
{
    private Span<byte> _rest = bytes;

    public void U8(byte value) => Next(1)[0] = value;

    public void U16(ushort value)
    {
        if (isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(Next(2), value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(Next(2), value);
    }

    public void U32(uint value)
    {
        if (isBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(Next(4), value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(Next(4), value);
    }

    public void U64(ulong value)
    {
        if (isBigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(Next(8), value);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(Next(8), value);
    }

    private Span<byte> Next(int size)
    {
        var field = _rest[..size];
        _rest = _rest[size..];
        return field;
    }
}
