using System.Text;

namespace Dispatcher.Compiler.Elf;

/// <content>Phase 1: what a caller may get wrong.</content>
public static partial class ElfWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Rules: names are UTF-8 of at most 1024 bytes without zero byte; alignments are powers of two up to 1 MiB; a section without
    /// room in the file has no bytes; bookkeeping sections are not given; everything pointed at is part of the object; symbols and
    /// relocations lie inside their section; the entries of one table agree about addends; there are fewer than 65280 sections.
    /// </summary>
    private static void Verify(ElfObject elf)
    {
        if (elf.Sections.IsDefault || elf.Symbols.IsDefault || elf.Relocations.IsDefault)
            throw Refuse("Sections, symbols and relocations must be given, if only as empty lists.");
        if (elf.Sections.Length + elf.Relocations.Length + 3 >= ElfFormat.FirstReservedIndex)
            throw Refuse($"An object has fewer than {ElfFormat.FirstReservedIndex} sections, relocation tables included.");
        var sections = new HashSet<object>(elf.Sections, ReferenceEqualityComparer.Instance);
        if (sections.Count != elf.Sections.Length)
            throw Refuse("A section is in the object twice.");
        var symbols = new HashSet<object>(elf.Symbols, ReferenceEqualityComparer.Instance);
        if (symbols.Count != elf.Symbols.Length)
            throw Refuse("A symbol is in the object twice.");

        foreach (var section in elf.Sections)
            VerifySection(section, sections);
        foreach (var symbol in elf.Symbols)
            VerifySymbol(symbol, sections);
        foreach (var table in elf.Relocations)
            VerifyTable(table, sections, symbols);
    }

    private static void VerifySection(ElfSection section, HashSet<object> sections)
    {
        var name = section.Name;
        VerifyName(name);
        if (section.Type is ElfSectionType.Null or ElfSectionType.SymbolTable or ElfSectionType.Rel or ElfSectionType.Rela)
            throw Refuse($"Section '{name}': a section of type {section.Type} is made by the writer, not given.");
        if (section.Type is ElfSectionType.Group or ElfSectionType.SymbolTableSectionIndices)
            throw Refuse($"Section '{name}': type {section.Type} is not supported.");
        if (!ElfFormat.IsAlignment(section.Alignment))
            throw Refuse($"Section '{name}': the alignment is 0 or a power of two up to {ElfFormat.MaxAlignment}, not {section.Alignment}.");
        if (section.Type == ElfSectionType.NoBits ? section.Data.Length != 0 : section.Size != section.Data.Length)
            throw Refuse($"Section '{name}': the size is that of the contents, and only a NoBits section has a size without contents.");
        if (section.Size is < 0 or > ElfFormat.MaxNoBitsSize)
            throw Refuse($"Section '{name}': the size is at most {ElfFormat.MaxNoBitsSize} bytes.");
        if (section.Link is not null && (section.LinksSymbolTable || !sections.Contains(section.Link)))
            throw Refuse($"Section '{name}': the link is one section of this object, or the symbol table.");
        if (section.InfoSection is not null && (section.Info != 0 || !sections.Contains(section.InfoSection)))
            throw Refuse($"Section '{name}': the info is one section of this object, or a number.");
        if (section.Flags.HasFlag(ElfSectionFlags.InfoLink) != section.InfoSection is not null)
            throw Refuse($"Section '{name}': the flag InfoLink goes with an info section.");
    }

    private static void VerifySymbol(ElfSymbol symbol, HashSet<object> sections)
    {
        VerifyName(symbol.Name);
        if ((byte)symbol.Binding > 15 || (byte)symbol.Type > 15 || (byte)symbol.Visibility > 3)
            throw Refuse($"Symbol '{symbol}': binding and type are at most 15, visibility at most 3.");
        if (symbol.Section is not { } section)
            return;
        if (!sections.Contains(section))
            throw Refuse($"Symbol '{symbol}': its section '{section.Name}' is not part of the object.");
        if (symbol.Value > (ulong)section.Size || symbol.Size > (ulong)section.Size - symbol.Value)
            throw Refuse($"Symbol '{symbol}': it ends at byte {(UInt128)symbol.Value + symbol.Size} of section '{section.Name}', which has {section.Size}.");
    }

    private static void VerifyTable(ElfRelocationTable table, HashSet<object> sections, HashSet<object> symbols)
    {
        var target = table.Target;
        if (!sections.Contains(target) || target.Type == ElfSectionType.NoBits)
            throw Refuse($"Relocations of '{target.Name}': the target is a section of the object that has contents.");
        VerifyName(RelocationSectionName(table));
        foreach (var entry in table.Entries)
        {
            if (entry.Offset >= (ulong)target.Size)
                throw Refuse($"Relocation at byte {entry.Offset} of '{target.Name}': the section has {target.Size} bytes.");
            if (entry.Symbol is not null && !symbols.Contains(entry.Symbol))
                throw Refuse($"Relocation at byte {entry.Offset} of '{target.Name}': symbol '{entry.Symbol}' is not part of the object.");
            if (entry.Addend is not null != table.HasAddends)
                throw Refuse($"Relocations of '{target.Name}': either all have an addend or none has.");
        }
    }

    private static void VerifyName(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
            throw Refuse("A name has no zero byte.");
        try
        {
            if (StrictUtf8.GetByteCount(name) > ElfFormat.MaxNameSize)
                throw Refuse($"A name has at most {ElfFormat.MaxNameSize} bytes: '{name[..32]}...'.");
        }
        catch (EncoderFallbackException)
        {
            throw Refuse("A name is text that UTF-8 can express.");
        }
    }

    internal static string RelocationSectionName(ElfRelocationTable table) => (table.HasAddends ? ".rela" : ".rel") + table.Target.Name;

    private static ArgumentException Refuse(string rule) => new(rule);
}
