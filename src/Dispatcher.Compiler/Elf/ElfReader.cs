namespace Dispatcher.Compiler.Elf;

/// <summary>Reads relocatable ELF64 files, of any machine and byte order, and believes nothing in them.</summary>
/// <remarks>
/// Not read, with a message that says so: section groups, more than 65279 sections, program headers, other classes and types.
/// The contents of sections are slices of the input, not copies.
/// </remarks>
public sealed partial class ElfReader
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly bool _isBigEndian;
    private RawSection[] _raw = [];
    private int _symbolTableIndex;
    private ElfSection?[] _sections = [];
    private ElfSymbol?[] _symbols = [];

    private ElfReader(ReadOnlyMemory<byte> file, bool isBigEndian)
    {
        _file = file;
        _isBigEndian = isBigEndian;
    }

    /// <summary>Reads machine, type, class and byte order of any ELF file, to say early that it is of another kind.</summary>
    /// <param name="file">The start of a file, 20 bytes at least.</param>
    /// <exception cref="MalformedObjectException">Not an ELF file.</exception>
    public static ElfHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 || !file[..4].SequenceEqual(ElfFormat.Magic))
            throw Malformed(0, "an ELF file starts with the bytes 7f 45 4c 46");
        if (file.Length < 20)
            throw Malformed(file.Length, "the file ends inside its header");
        if (file[4] is not (1 or 2))
            throw Malformed(4, "the class is 1 (ELF32) or 2 (ELF64)");
        if (file[5] is not (1 or 2))
            throw Malformed(5, "the byte order is 1 (little) or 2 (big)");
        var isBigEndian = file[5] == 2;
        var fields = new ElfFieldReader(file[16..20], isBigEndian);
        var type = (ElfFileType)fields.U16();
        return new ElfHeader((ElfMachine)fields.U16(), type, file[4] == 2, isBigEndian);
    }

    /// <summary>Reads a relocatable ELF64 file.</summary>
    /// <param name="file">The whole file; must not change while the object is in use.</param>
    /// <exception cref="MalformedObjectException">A rule is broken, or the file uses what is not supported; nothing else is thrown for bad bytes.</exception>
    public static ElfObject Read(ReadOnlyMemory<byte> file)
    {
        var header = ReadHeader(file.Span);
        if (!header.Is64Bit)
            throw Malformed(4, "only ELF64 is read, and this is ELF32");
        if (header.FileType != ElfFileType.Relocatable)
            throw Malformed(16, $"only relocatable objects are read, and this is of type {(ushort)header.FileType}");
        var reader = new ElfReader(file, header.IsBigEndian);
        var flags = reader.ReadSectionHeaders();
        reader.CheckOverlaps();
        reader.FindBookkeeping();
        reader.ReadSections();
        reader.ResolveLinks();
        reader.ReadSymbols();
        return new ElfObject
        {
            Machine = header.Machine,
            IsBigEndian = header.IsBigEndian,
            Flags = flags,
            Sections = [.. reader._sections.OfType<ElfSection>()],
            Symbols = [.. reader._symbols.OfType<ElfSymbol>()],
            Relocations = reader.ReadRelocations(),
        };
    }

    private ElfFieldReader FieldsAt(long offset, int size) => new(_file.Span.Slice((int)offset, size), _isBigEndian);

    private static MalformedObjectException Malformed(long offset, string rule) => new(ElfFormat.Name, offset, rule);

    private static void Check(bool holds, long offset, string rule)
    {
        if (!holds)
            throw Malformed(offset, rule);
    }

    /// <summary>A section header as it stands in the file.</summary>
    private readonly record struct RawSection(
        long HeaderOffset,
        uint NameOffset,
        ElfSectionType Type,
        ElfSectionFlags Flags,
        long Offset,
        long Size,
        uint Link,
        uint Info,
        ulong Alignment,
        ulong EntrySize)
    {
        /// <summary>Size in the file in bytes.</summary>
        public long FileSize => Type is ElfSectionType.NoBits or ElfSectionType.Null ? 0 : Size;
    }
}
