namespace Dispatcher.Compiler.Btf;

/// <summary>The header of a BTF: where its sections stand.</summary>
/// <param name="Size">Size of the header in bytes, 24 or more.</param>
/// <param name="TypeSize">Size of the type section, which follows the header.</param>
/// <param name="LayoutSize">Size of the kind layout section between types and strings; 0 when there is none.</param>
/// <param name="StringSize">Size of the string section, which is last.</param>
/// <remarks>
/// <code>
/// 0 u16 magic 0xeb9f | 2 u8 version 1 | 3 u8 flags 0 | 4 u32 hdr_len
/// 8 u32 type_off | 12 u32 type_len | 16 u32 str_off | 20 u32 str_len | 24 u32 layout_off | 28 u32 layout_len
/// </code>
/// Offsets count from the end of the header. The last two words are there when hdr_len says so.
/// </remarks>
internal readonly record struct BtfHeader(int Size, int TypeSize, int LayoutSize, int StringSize)
{
    public const int BaseSize = 24;
    private const ushort Magic = 0xeb9f;
    private const byte FormatRevision = 1;
    private const int SizeWithLayout = 32;

    public int TotalSize => Size + TypeSize + LayoutSize + StringSize;

    public static bool ReadByteOrder(ReadOnlySpan<byte> bytes, string format)
    {
        if (bytes.Length < 4)
            throw new MalformedObjectException(format, 0, $"a header follows, not {bytes.Length} bytes");
        var isBigEndian = (bytes[0], bytes[1]) switch
        {
            (0x9f, 0xeb) => false,
            (0xeb, 0x9f) => true,
            _ => throw new MalformedObjectException(format, 0, $"the magic number is 0xeb9f, not 0x{bytes[1]:x2}{bytes[0]:x2}"),
        };
        if (bytes[2] != FormatRevision)
            throw new MalformedObjectException(format, 2, $"the format revision is {FormatRevision}, not {bytes[2]}");
        if (bytes[3] != 0)
            throw new MalformedObjectException(format, 3, $"no flag is defined, but the flags are {bytes[3]}");
        return isBigEndian;
    }

    public static void WriteByteOrder(ref BtfWriter writer)
    {
        writer.WriteU16(Magic);
        writer.WriteU8(FormatRevision);
        writer.WriteU8(0);
    }

    public static BtfHeader Read(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var reader = new BtfReader(bytes, 4, bigEndian, BtfData.Format);
        var size = reader.ReadU32();
        if (size < BaseSize || size % 4 != 0 || size > bytes.Length)
            throw new MalformedObjectException(BtfData.Format, 4, $"the header has {BaseSize} bytes or more and fits in {bytes.Length}, not {size}");
        var typeOffset = reader.ReadU32();
        var typeSize = reader.ReadU32();
        var stringOffset = reader.ReadU32();
        var stringSize = reader.ReadU32();
        var (layoutOffset, layoutSize) = size >= SizeWithLayout ? (reader.ReadU32(), reader.ReadU32()) : (0, 0);
        while (reader.Offset < size)
        {
            var at = reader.Offset;
            if (reader.ReadU32() != 0)
                throw new MalformedObjectException(BtfData.Format, at, "the part of the header that this reader does not know is 0");
        }

        if (typeOffset != 0)
            throw new MalformedObjectException(BtfData.Format, 8, $"types follow the header without gap, not {typeOffset} bytes later");
        if (typeSize % 4 != 0)
            throw new MalformedObjectException(BtfData.Format, 12, $"the size of the type section is a multiple of 4, not {typeSize}");
        if (layoutSize != 0 && (layoutOffset != typeSize || layoutSize % 4 != 0))
            throw new MalformedObjectException(BtfData.Format, 24, "the kind layout stands between types and strings");
        if (stringOffset != (ulong)typeSize + layoutSize)
            throw new MalformedObjectException(BtfData.Format, 16, $"strings follow without gap or overlap, not at {stringOffset}");
        if ((ulong)size + typeSize + layoutSize + stringSize != (ulong)bytes.Length)
            throw new MalformedObjectException(BtfData.Format, 20, $"the sections fill all {bytes.Length} bytes");
        if (layoutSize == 0 && layoutOffset != 0)
            throw new MalformedObjectException(BtfData.Format, 24, "a kind layout without bytes has no place");
        return new BtfHeader((int)size, (int)typeSize, (int)layoutSize, (int)stringSize);
    }

    public void Write(ref BtfWriter writer)
    {
        WriteByteOrder(ref writer);
        writer.WriteU32((uint)Size);
        writer.WriteU32(0);
        writer.WriteU32((uint)TypeSize);
        writer.WriteU32((uint)(TypeSize + LayoutSize));
        writer.WriteU32((uint)StringSize);
        if (LayoutSize > 0)
        {
            writer.WriteU32((uint)TypeSize);
            writer.WriteU32((uint)LayoutSize);
        }

        while (writer.Offset < Size)
            writer.WriteU32(0);
    }
}
