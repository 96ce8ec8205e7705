using System.Buffers.Binary;

namespace Dispatcher.Fuzzing.Mutation;

/// <summary>Fields and records of a little-endian ELF64 object, found without the reader that is tested.</summary>
internal static class ElfParts
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const int SymbolSize = 24;
    private const int RelocationSize = 16;
    private const uint ProgBits = 1;
    private const uint SymbolTable = 2;
    private const uint Relocations = 9;
    private const ushort BtfMagic = 0xeb9f;
    private static readonly ulong[] SectionTypes = [0, 1, 2, 3, 4, 7, 8, 9, 17, 18, 0x6fff4c03];
    private static readonly ulong[] SectionFlags = [0, 2, 3, 4, 6, 0x30, 0x40, 0x46, 0x80, 0x80000000];
    private static readonly ulong[] SymbolInfos = [0, 1, 2, 3, 4, 5, 0x10, 0x11, 0x12, 0x20, 0x22, 0xff];
    private static readonly ulong[] SymbolPlaces = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0xff00, 0xfff1, 0xfff2, 0xffff];

    /// <summary>Notes headers, symbols, relocations, instructions and the BTF.</summary>
    public static void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
        if (input.Length < HeaderSize)
            return;
        layout.AddFields(4, 1, 1, 1, 1);
        layout.AddFields(16, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2);
        var start = BinaryPrimitives.ReadUInt64LittleEndian(input[40..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(input[60..]);
        if (start > (ulong)input.Length)
            return;
        for (var at = (long)start; at < (long)start + count * SectionSize; at += SectionSize)
        {
            layout.AddFields(at, 4);
            layout.AddField(at + 4, 4, SectionTypes);
            layout.AddField(at + 8, 8, SectionFlags);
            layout.AddFields(at + 16, 8, 8, 8, 4, 4, 8, 8);
            layout.AddRecord(at, SectionSize);
        }

        for (var at = (int)start; count-- > 0 && at + SectionSize <= input.Length; at += SectionSize)
            DescribeContents(input, input[at..], layout);
    }

    private static void DescribeContents(ReadOnlySpan<byte> input, ReadOnlySpan<byte> header, InputLayout layout)
    {
        var type = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        if (offset > (ulong)input.Length || size > (ulong)input.Length - offset)
            return;
        var (start, end) = ((long)offset, (long)(offset + size));
        if (type == SymbolTable)
            DescribeSymbols(start, end, layout);
        else if (type == Relocations)
            DescribeTable(start, end, layout, [8, 4, 4], RelocationSize);
        else if (type == ProgBits && size >= 4 && BinaryPrimitives.ReadUInt16LittleEndian(input[(int)offset..]) == BtfMagic)
            BtfParts.Describe(input, (int)offset, layout);
        else if (type == ProgBits && (header[8] & 4) != 0)
            DescribeTable(start, end, layout, [1, 1, 2, 4], 8);
    }

    private static void DescribeSymbols(long start, long end, InputLayout layout)
    {
        for (var at = start; at + SymbolSize <= end; at += SymbolSize)
        {
            layout.AddFields(at, 4);
            layout.AddField(at + 4, 1, SymbolInfos);
            layout.AddFields(at + 5, 1);
            layout.AddField(at + 6, 2, SymbolPlaces);
            layout.AddFields(at + 8, 8, 8);
            layout.AddRecord(at, SymbolSize);
        }
    }

    private static void DescribeTable(long start, long end, InputLayout layout, ReadOnlySpan<int> fields, int size)
    {
        for (var at = start; at + size <= end; at += size)
        {
            layout.AddFields(at, fields);
            layout.AddRecord(at, size);
        }
    }
}
