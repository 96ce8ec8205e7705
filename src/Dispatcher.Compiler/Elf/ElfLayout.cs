using System.Collections.Immutable;

namespace Dispatcher.Compiler.Elf;

/// <summary>Phase 2: where everything of an object goes in the file. Only numbers; no byte of output exists yet.</summary>
internal sealed class ElfLayout
{
    private readonly Dictionary<object, int> _sectionIndices = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, int> _symbolIndices = new(ReferenceEqualityComparer.Instance);

    private ElfLayout(ElfObject elf)
    {
        // Local symbols come first; the table's sh_info says where the others begin.
        Symbols = [.. elf.Symbols.Where(s => s.Binding == ElfSymbolBinding.Local), .. elf.Symbols.Where(s => s.Binding != ElfSymbolBinding.Local)];
        FirstGlobalIndex = 1 + Symbols.Count(s => s.Binding == ElfSymbolBinding.Local);
        for (var i = 0; i < Symbols.Length; i++)
            _symbolIndices[Symbols[i]] = i + 1;
    }

    /// <summary>Symbols in table order, without the empty first one.</summary>
    public ImmutableArray<ElfSymbol> Symbols { get; }

    /// <summary>Index of the first symbol that is not local.</summary>
    public int FirstGlobalIndex { get; }

    /// <summary>One string table for sections and symbols, as clang makes it.</summary>
    public ElfStringTableBuilder Strings { get; } = new();

    /// <summary>Headers in index order, without the empty first one.</summary>
    public List<ElfPlacedSection> Placed { get; } = [];

    public int SymbolTableIndex { get; private set; }

    public int StringTableIndex { get; private set; }

    /// <summary>Offset of the section headers in bytes.</summary>
    public long SectionHeaderOffset { get; private set; }

    public long FileSize => SectionHeaderOffset + (long)ElfFormat.SectionHeaderSize * (Placed.Count + 1);

    public static ElfLayout Of(ElfObject elf)
    {
        var layout = new ElfLayout(elf);
        layout.Place(elf);
        layout.AssignOffsets();
        return layout;
    }

    public int IndexOf(ElfSection? section) => section is null ? 0 : _sectionIndices[section];

    public int IndexOf(ElfSymbol? symbol) => symbol is null ? 0 : _symbolIndices[symbol];

    private void Place(ElfObject elf)
    {
        var tables = elf.Relocations.ToLookup(t => (object)t.Target, ReferenceEqualityComparer.Instance);
        foreach (var section in elf.Sections)
        {
            _sectionIndices[section] = Placed.Count + 1;
            Placed.Add(new ElfPlacedSection(ElfPlacedKind.Content, section, null, section.Name, section.Size, section.Alignment));
            foreach (var table in tables[section])
            {
                var size = (long)table.Entries.Length * (table.HasAddends ? ElfFormat.RelaSize : ElfFormat.RelSize);
                Placed.Add(new ElfPlacedSection(ElfPlacedKind.Relocations, section, table, ElfWriter.RelocationSectionName(table), size, 8));
            }
        }

        Placed.Add(new ElfPlacedSection(ElfPlacedKind.Symbols, null, null, ".symtab", (Symbols.Length + 1L) * ElfFormat.SymbolSize, 8));
        SymbolTableIndex = Placed.Count;
        foreach (var placed in Placed)
            Strings.Add(placed.Name);
        foreach (var symbol in Symbols)
            Strings.Add(symbol.Name);
        Strings.Add(".strtab");
        Placed.Add(new ElfPlacedSection(ElfPlacedKind.Strings, null, null, ".strtab", Strings.Size, 1));
        StringTableIndex = Placed.Count;
    }

    private void AssignOffsets()
    {
        long end = ElfFormat.HeaderSize;
        foreach (var placed in Placed)
        {
            placed.Offset = AlignUp(end, placed.Alignment);
            if (!placed.IsNoBits)
                end = placed.Offset + placed.Size;
        }

        SectionHeaderOffset = AlignUp(end, 8);
        if (FileSize > Array.MaxLength)
            throw new ArgumentException($"The file would have {FileSize} bytes, more than one array holds.");
    }

    private static long AlignUp(long offset, ulong alignment)
    {
        var unit = (long)Math.Max(alignment, 1);
        return (offset + unit - 1) & -unit;
    }
}

internal enum ElfPlacedKind
{
    Content,
    Relocations,
    Symbols,
    Strings,
}

/// <summary>One section header to be, with its place in the file.</summary>
internal sealed record ElfPlacedSection(
    ElfPlacedKind Kind, ElfSection? Section, ElfRelocationTable? Table, string Name, long Size, ulong Alignment)
{
    /// <summary>Bytes from the start of the file; set by the layout.</summary>
    public long Offset { get; set; }

    public bool IsNoBits => Kind == ElfPlacedKind.Content && Section!.Type == ElfSectionType.NoBits;
}
