namespace Dispatcher.Compiler.Elf;

/// <content>Phase 3: bytes, exactly where the layout put them.</content>
public static partial class ElfWriter
{
    private static byte[] Write(ElfObject elf, ElfLayout layout)
    {
        var file = new byte[layout.FileSize];
        WriteHeader(elf, layout, file);
        foreach (var placed in layout.Placed)
            WriteContents(elf, layout, placed, file);
        WriteSectionHeaders(elf, layout, file.AsSpan((int)layout.SectionHeaderOffset));
        return file;
    }

    private static void WriteHeader(ElfObject elf, ElfLayout layout, byte[] file)
    {
        ElfFormat.Magic.CopyTo(file);
        file[4] = 2; // ELFCLASS64
        file[5] = (byte)(elf.IsBigEndian ? 2 : 1);
        file[6] = 1; // EV_CURRENT
        var fields = new ElfFieldWriter(file.AsSpan(16), elf.IsBigEndian);
        fields.U16((ushort)ElfFileType.Relocatable);
        fields.U16((ushort)elf.Machine);
        fields.U32(1); // version
        fields.U64(0); // entry
        fields.U64(0); // program headers
        fields.U64((ulong)layout.SectionHeaderOffset);
        fields.U32(elf.Flags);
        fields.U16(ElfFormat.HeaderSize);
        fields.U16(0); // size of a program header
        fields.U16(0); // program headers
        fields.U16(ElfFormat.SectionHeaderSize);
        fields.U16((ushort)(layout.Placed.Count + 1));
        fields.U16((ushort)layout.StringTableIndex);
    }

    private static void WriteContents(ElfObject elf, ElfLayout layout, ElfPlacedSection placed, byte[] file)
    {
        if (placed.IsNoBits)
            return;
        var bytes = file.AsSpan((int)placed.Offset, (int)placed.Size);
        switch (placed.Kind)
        {
            case ElfPlacedKind.Content:
                placed.Section!.Data.Span.CopyTo(bytes);
                break;
            case ElfPlacedKind.Relocations:
                WriteRelocations(layout, placed.Table!, new ElfFieldWriter(bytes, elf.IsBigEndian));
                break;
            case ElfPlacedKind.Symbols:
                WriteSymbols(layout, new ElfFieldWriter(bytes[ElfFormat.SymbolSize..], elf.IsBigEndian));
                break;
            case ElfPlacedKind.Strings:
                layout.Strings.CopyTo(bytes);
                break;
        }
    }

    private static void WriteRelocations(ElfLayout layout, ElfRelocationTable table, ElfFieldWriter fields)
    {
        foreach (var entry in table.Entries)
        {
            fields.U64(entry.Offset);
            fields.U64((ulong)layout.IndexOf(entry.Symbol) << 32 | entry.Type);
            if (entry.Addend is { } addend)
                fields.U64((ulong)addend);
        }
    }

    private static void WriteSymbols(ElfLayout layout, ElfFieldWriter fields)
    {
        foreach (var symbol in layout.Symbols)
        {
            fields.U32(layout.Strings.OffsetOf(symbol.Name));
            fields.U8((byte)((byte)symbol.Binding << 4 | (byte)symbol.Type));
            fields.U8((byte)symbol.Visibility);
            fields.U16(symbol.Place switch
            {
                ElfSymbolPlace.Undefined => 0,
                ElfSymbolPlace.Absolute => ElfFormat.AbsoluteIndex,
                ElfSymbolPlace.Common => ElfFormat.CommonIndex,
                _ => (ushort)layout.IndexOf(symbol.Section),
            });
            fields.U64(symbol.Value);
            fields.U64(symbol.Size);
        }
    }

    private static void WriteSectionHeaders(ElfObject elf, ElfLayout layout, Span<byte> headers)
    {
        for (var i = 0; i < layout.Placed.Count; i++)
        {
            var placed = layout.Placed[i];
            var (type, flags, link, info, entrySize) = HeaderOf(layout, placed);
            var fields = new ElfFieldWriter(headers[((i + 1) * ElfFormat.SectionHeaderSize)..], elf.IsBigEndian);
            fields.U32(layout.Strings.OffsetOf(placed.Name));
            fields.U32((uint)type);
            fields.U64((ulong)flags);
            fields.U64(0); // address
            fields.U64((ulong)placed.Offset);
            fields.U64((ulong)placed.Size);
            fields.U32((uint)link);
            fields.U32(info);
            fields.U64(placed.Alignment);
            fields.U64(entrySize);
        }
    }

    private static (ElfSectionType Type, ElfSectionFlags Flags, int Link, uint Info, ulong EntrySize) HeaderOf(ElfLayout layout, ElfPlacedSection placed) =>
        placed.Kind switch
        {
            ElfPlacedKind.Content when placed.Section is { } section => (
                section.Type,
                section.Flags,
                section.LinksSymbolTable ? layout.SymbolTableIndex : layout.IndexOf(section.Link),
                section.InfoSection is null ? section.Info : (uint)layout.IndexOf(section.InfoSection),
                section.EntrySize),
            ElfPlacedKind.Relocations => (
                placed.Table!.HasAddends ? ElfSectionType.Rela : ElfSectionType.Rel,
                ElfSectionFlags.InfoLink,
                layout.SymbolTableIndex,
                (uint)layout.IndexOf(placed.Section),
                placed.Table.HasAddends ? ElfFormat.RelaSize : (ulong)ElfFormat.RelSize),
            ElfPlacedKind.Symbols => (
                ElfSectionType.SymbolTable, ElfSectionFlags.None, layout.StringTableIndex, (uint)layout.FirstGlobalIndex, ElfFormat.SymbolSize),
            _ => (ElfSectionType.StringTable, ElfSectionFlags.None, 0, 0, 0),
        };
}
