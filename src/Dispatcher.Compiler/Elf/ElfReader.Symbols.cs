using System.Collections.Immutable;

namespace Dispatcher.Compiler.Elf;

/// <content>Symbols and relocations.</content>
public sealed partial class ElfReader
{
    /// <summary>Reads the symbol table; the entry at index 0 stays null.</summary>
    private void ReadSymbols()
    {
        if (_symbolTableIndex == 0)
            return;
        var raw = _raw[_symbolTableIndex];
        var count = CountOf(raw, ElfFormat.SymbolSize, "symbol");
        Check(count > 0, raw.HeaderOffset + 32, "a symbol table starts with an empty symbol");
        Check(!_file.Span.Slice((int)raw.Offset, ElfFormat.SymbolSize).ContainsAnyExcept((byte)0), raw.Offset, "a symbol table starts with an empty symbol");
        Check(raw.Info >= 1 && raw.Info <= count, raw.HeaderOffset + 44, "the info of a symbol table counts its local symbols");
        _symbols = new ElfSymbol?[count];
        for (var i = 1; i < count; i++)
        {
            var offset = raw.Offset + (long)i * ElfFormat.SymbolSize;
            var symbol = ReadSymbol(offset);
            Check(symbol.Binding == ElfSymbolBinding.Local == i < raw.Info, offset + 4, "local symbols come first, and no others before the index in the table's info");
            _symbols[i] = symbol;
        }
    }

    private ElfSymbol ReadSymbol(long offset)
    {
        var fields = FieldsAt(offset, ElfFormat.SymbolSize);
        var name = NameAt(_symbolNameTableIndex, fields.U32(), offset);
        var info = fields.U8();
        var other = fields.U8();
        var index = fields.U16();
        var value = fields.U64();
        var size = fields.U64();
        var (binding, type) = ((ElfSymbolBinding)(info >> 4), (ElfSymbolType)(info & 15));
        Check(other <= 3, offset + 5, "the visibility of a symbol is 0 to 3");
        var visibility = (ElfSymbolVisibility)other;

        var place = index switch
        {
            0 => ElfSymbolPlace.Undefined,
            ElfFormat.AbsoluteIndex => ElfSymbolPlace.Absolute,
            ElfFormat.CommonIndex => ElfSymbolPlace.Common,
            _ => ElfSymbolPlace.InSection,
        };
        if (place != ElfSymbolPlace.InSection)
            return ElfSymbol.Outside(name, place, type, binding, value, size, visibility);
        Check(index < ElfFormat.FirstReservedIndex, offset + 6, "the section index of a symbol is a section, undefined, absolute or common; extended indices are not read");
        var section = SectionAt(index, offset + 6, "a symbol is in a section that exists and has contents");
        Check(value <= (ulong)section.Size && size <= (ulong)section.Size - value, offset + 8, "a symbol lies inside its section");
        return new ElfSymbol(name, section, value, size, type, binding, visibility);
    }

    private ImmutableArray<ElfRelocationTable> ReadRelocations()
    {
        var tables = new List<(uint TargetIndex, ElfRelocationTable Table)>();
        foreach (var raw in _raw)
        {
            if (raw.Type is not (ElfSectionType.Rel or ElfSectionType.Rela))
                continue;
            Check(raw.Link != 0 && raw.Link == _symbolTableIndex, raw.HeaderOffset + 40, "relocations link to the symbol table");
            var target = SectionAt(raw.Info, raw.HeaderOffset + 44, "relocations name the section that they change");
            Check(target.Type != ElfSectionType.NoBits, raw.HeaderOffset + 44, "relocations change a section that has contents");
            tables.Add((raw.Info, ReadTable(raw, target)));
        }

        return [.. tables.OrderBy(t => t.TargetIndex).Select(t => t.Table)];
    }

    private ElfRelocationTable ReadTable(RawSection raw, ElfSection target)
    {
        var hasAddends = raw.Type == ElfSectionType.Rela;
        var entrySize = hasAddends ? ElfFormat.RelaSize : ElfFormat.RelSize;
        var count = CountOf(raw, entrySize, "relocation");
        var entries = ImmutableArray.CreateBuilder<ElfRelocation>(count);
        for (var i = 0; i < count; i++)
        {
            var at = raw.Offset + (long)i * entrySize;
            var fields = FieldsAt(at, entrySize);
            var offset = fields.U64();
            Check(offset < (ulong)target.Size, at, "a relocation lies inside the section that it changes");
            var info = fields.U64();
            var symbolIndex = info >> 32;
            Check(symbolIndex < (ulong)_symbols.Length, at + 8, "a relocation names a symbol that exists");
            entries.Add(new ElfRelocation(offset, _symbols[symbolIndex], (uint)info, hasAddends ? (long)fields.U64() : null));
        }

        return new ElfRelocationTable(target, entries.MoveToImmutable()) { HasAddends = hasAddends };
    }

    private static int CountOf(RawSection raw, int entrySize, string what)
    {
        Check(raw.EntrySize == (ulong)entrySize, raw.HeaderOffset + 56, $"an entry of a {what} table has {entrySize} bytes");
        Check(raw.Size % entrySize == 0, raw.HeaderOffset + 32, $"a {what} table holds whole entries");
        return (int)(raw.Size / entrySize);
    }
}
