namespace Dispatcher.Compiler.Elf;

/// <summary>Sizes, offsets and limits that writer and reader share. Source: ELF-64 object file format.</summary>
internal static class ElfFormat
{
    public const string Name = "ELF";

    public const int HeaderSize = 64;
    public const int SectionHeaderSize = 64;
    public const int SymbolSize = 24;
    public const int RelSize = 16;
    public const int RelaSize = 24;

    /// <summary>First index that is not a section: <c>SHN_LORESERVE</c>.</summary>
    public const int FirstReservedIndex = 0xff00;
    public const ushort AbsoluteIndex = 0xfff1;
    public const ushort CommonIndex = 0xfff2;

    /// <summary>Longest name in bytes. Keeps a small file from naming thousands of symbols with one long string.</summary>
    public const int MaxNameSize = 1024;

    /// <summary>Largest alignment in bytes. Keeps a small model from making a large file.</summary>
    public const ulong MaxAlignment = 1 << 20;

    /// <summary>Largest size in bytes of a section that takes no room in the file.</summary>
    public const long MaxNoBitsSize = int.MaxValue;

    public static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    public static bool IsAlignment(ulong alignment) => (alignment & (alignment - 1)) == 0 && alignment <= MaxAlignment || alignment == 0;
}
