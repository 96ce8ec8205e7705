namespace Dispatcher.Compiler.Elf;

/// <summary>What a section holds: <c>sh_type</c>. Any value may be read; these have names.</summary>
public enum ElfSectionType : uint
{
    /// <summary>Unused header.</summary>
    Null = 0,

    /// <summary>Code or data.</summary>
    ProgBits = 1,

    /// <summary>Symbol table; made by the writer.</summary>
    SymbolTable = 2,

    /// <summary>String table.</summary>
    StringTable = 3,

    /// <summary>Relocations with addends; made by the writer.</summary>
    Rela = 4,

    /// <summary>Notes.</summary>
    Note = 7,

    /// <summary>Zeros that take no room in the file, such as <c>.bss</c>.</summary>
    NoBits = 8,

    /// <summary>Relocations without addends; made by the writer.</summary>
    Rel = 9,

    /// <summary>Section group; not supported.</summary>
    Group = 17,

    /// <summary>Section indices above 65279; not supported.</summary>
    SymbolTableSectionIndices = 18,

    /// <summary>LLVM's list of symbols whose address matters; holds symbol indices.</summary>
    LlvmAddressSignificance = 0x6fff4c03,
}

/// <summary>How a section is used: <c>sh_flags</c>.</summary>
[Flags]
public enum ElfSectionFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Writable when loaded.</summary>
    Write = 1,

    /// <summary>Part of the loaded program.</summary>
    Alloc = 2,

    /// <summary>Machine code.</summary>
    Executable = 4,

    /// <summary>Equal contents may be merged.</summary>
    Merge = 0x10,

    /// <summary>Strings, each ended by a zero byte.</summary>
    Strings = 0x20,

    /// <summary><c>sh_info</c> is a section index.</summary>
    InfoLink = 0x40,

    /// <summary>Keeps the order of the section it links to.</summary>
    LinkOrder = 0x80,

    /// <summary>Not for the linker's output; LLVM sets it on <c>.llvm_addrsig</c>.</summary>
    Exclude = 0x80000000,
}

/// <summary>One section with contents. Its identity is the reference: symbols and relocations point at this object.</summary>
public sealed class ElfSection
{
    private ElfSection? _link;
    private ElfSection? _infoSection;

    /// <summary>A section with its contents.</summary>
    /// <param name="name">Not empty.</param>
    /// <param name="type">Not one that the writer makes itself.</param>
    /// <param name="flags">Flags.</param>
    /// <param name="data">Contents; kept, not copied. Empty for <see cref="ElfSectionType.NoBits"/>.</param>
    /// <param name="alignment">0 or a power of two.</param>
    public ElfSection(string name, ElfSectionType type, ElfSectionFlags flags, ReadOnlyMemory<byte> data, ulong alignment = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Type = type;
        Flags = flags;
        Data = data;
        Alignment = alignment;
        Size = data.Length;
    }

    /// <summary>Name, not empty.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public ElfSectionType Type { get; }

    /// <summary>How it is used.</summary>
    public ElfSectionFlags Flags { get; }

    /// <summary>Contents; empty for <see cref="ElfSectionType.NoBits"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>0 or a power of two, in bytes.</summary>
    public ulong Alignment { get; }

    /// <summary>Size in bytes: of the contents, or of the zeros that a <see cref="ElfSectionType.NoBits"/> section stands for.</summary>
    public long Size { get; init; }

    /// <summary>Size of one entry in bytes when the section is a table, else 0.</summary>
    public ulong EntrySize { get; init; }

    /// <summary>The section that <c>sh_link</c> names, if any.</summary>
    public ElfSection? Link { get => _link; init => _link = value; }

    /// <summary>Whether <c>sh_link</c> names the symbol table.</summary>
    public bool LinksSymbolTable { get; init; }

    /// <summary><c>sh_info</c> as a number, when it is not a section.</summary>
    public uint Info { get; init; }

    /// <summary>The section that <c>sh_info</c> names, with <see cref="ElfSectionFlags.InfoLink"/>.</summary>
    public ElfSection? InfoSection { get => _infoSection; init => _infoSection = value; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>For the reader: a section may name one that comes after it.</summary>
    internal void Resolve(ElfSection? link, ElfSection? infoSection)
    {
        _link = link;
        _infoSection = infoSection;
    }
}
