using System.Text;

namespace Dispatcher.Compiler.Elf;

/// <content>Headers, overlaps, names and links of sections.</content>
public sealed partial class ElfReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Dictionary<(int Table, uint Offset), string> _names = [];
    private long _sectionHeaderOffset;
    private int _nameTableIndex;
    private int _symbolNameTableIndex;

    /// <summary>Reads the rest of the ELF header and every section header; returns e_flags.</summary>
    private uint ReadSectionHeaders()
    {
        Check(_file.Length >= ElfFormat.HeaderSize, _file.Length, "the file ends inside its header");
        Check(_file.Span[6] == 1, 6, "the version is 1");
        Check(_file.Span[7] == 0 && _file.Span[8] == 0, 7, "only the System V ABI is read");
        var fields = FieldsAt(20, ElfFormat.HeaderSize - 20);
        Check(fields.U32() == 1, 20, "the version is 1");
        Check(fields.U64() == 0, 24, "a relocatable object has no entry address");
        Check(fields.U64() == 0, 32, "a relocatable object has no program headers");
        var offset = fields.U64();
        var flags = fields.U32();
        Check(fields.U16() == ElfFormat.HeaderSize, 52, "the ELF header has 64 bytes");
        fields.U16(); // size of a program header: some writers fill it in although there is none
        Check(fields.U16() == 0, 56, "a relocatable object has no program headers");
        Check(fields.U16() == ElfFormat.SectionHeaderSize, 58, "a section header has 64 bytes");
        var count = fields.U16();
        Check(count > 0, 60, "there are section headers, and fewer than 65280");
        Check(count < ElfFormat.FirstReservedIndex, 60, "there are fewer than 65280 sections");
        _nameTableIndex = fields.U16();
        Check(_nameTableIndex > 0 && _nameTableIndex < count, 62, "the section of section names exists");

        var length = (ulong)_file.Length;
        var size = (ulong)count * ElfFormat.SectionHeaderSize;
        Check(offset % 8 == 0, 40, "section headers are aligned to 8 bytes");
        Check(offset >= ElfFormat.HeaderSize && offset <= length && size <= length - offset, 40, "section headers lie inside the file, after its header");
        _sectionHeaderOffset = (long)offset;
        _raw = new RawSection[count];
        for (var i = 0; i < count; i++)
            _raw[i] = ReadSectionHeader(i);
        Check(_raw[0].Type == ElfSectionType.Null && _raw[0].Size == 0 && _raw[0].Link == 0, _raw[0].HeaderOffset, "the first section header is empty");
        return flags;
    }

    private RawSection ReadSectionHeader(int index)
    {
        var at = _sectionHeaderOffset + (long)index * ElfFormat.SectionHeaderSize;
        var fields = FieldsAt(at, ElfFormat.SectionHeaderSize);
        var name = fields.U32();
        var type = (ElfSectionType)fields.U32();
        var flags = (ElfSectionFlags)fields.U64();
        var address = fields.U64();
        var offset = fields.U64();
        var size = fields.U64();
        var (link, info) = (fields.U32(), fields.U32());
        var alignment = fields.U64();
        var entrySize = fields.U64();

        Check(address == 0, at + 16, "a section of a relocatable object has no address");
        Check(ElfFormat.IsAlignment(alignment), at + 48, "an alignment is 0 or a power of two up to 1048576");
        Check(link < _raw.Length, at + 40, "a section links to a section that exists");
        Check(type is not (ElfSectionType.Group or ElfSectionType.SymbolTableSectionIndices), at + 4, "section groups and extended section indices are not read");
        if (type == ElfSectionType.NoBits)
        {
            Check(size <= ElfFormat.MaxNoBitsSize, at + 32, "a section without contents stands for less than 2 GiB");
        }
        else if (type != ElfSectionType.Null)
        {
            var length = (ulong)_file.Length;
            Check(offset <= length && size <= length - offset, at + 24, "a section lies inside the file");
            Check(alignment <= 1 || offset % alignment == 0, at + 24, "a section starts at a multiple of its alignment");
        }

        return new RawSection(at, name, type, flags, (long)offset, (long)size, link, info, alignment, entrySize);
    }

    private void CheckOverlaps()
    {
        var areas = new List<(long Offset, long Size, long HeaderOffset)>
        {
            (0, ElfFormat.HeaderSize, 0),
            (_sectionHeaderOffset, (long)_raw.Length * ElfFormat.SectionHeaderSize, 40),
        };
        foreach (var raw in _raw)
        {
            if (raw.FileSize > 0)
                areas.Add((raw.Offset, raw.FileSize, raw.HeaderOffset + 24));
        }

        areas.Sort();
        for (var i = 1; i < areas.Count; i++)
            Check(areas[i - 1].Offset + areas[i - 1].Size <= areas[i].Offset, areas[i].HeaderOffset, "sections and headers do not overlap");
    }

    /// <summary>Finds symbol table and string tables, which are not part of the model.</summary>
    private void FindBookkeeping()
    {
        CheckStringTable(_nameTableIndex, 62);
        for (var i = 1; i < _raw.Length; i++)
        {
            if (_raw[i].Type != ElfSectionType.SymbolTable)
                continue;
            Check(_symbolTableIndex == 0, _raw[i].HeaderOffset + 4, "there is one symbol table at most");
            _symbolTableIndex = i;
        }

        if (_symbolTableIndex == 0)
            return;
        var symbols = _raw[_symbolTableIndex];
        _symbolNameTableIndex = (int)symbols.Link;
        CheckStringTable(_symbolNameTableIndex, symbols.HeaderOffset + 40);
    }

    private void CheckStringTable(int index, long offset)
    {
        var raw = _raw[index];
        Check(raw.Type == ElfSectionType.StringTable, offset, "names come from a string table");
        Check(raw.Size > 0 && raw.Size <= int.MaxValue, raw.HeaderOffset + 32, "a string table is not empty");
        var bytes = _file.Span.Slice((int)raw.Offset, (int)raw.Size);
        Check(bytes[0] == 0, raw.Offset, "a string table starts with a zero byte");
        Check(bytes[^1] == 0, raw.Offset + raw.Size - 1, "a string table ends with a zero byte");
    }

    private string NameAt(int table, uint offset, long fieldOffset)
    {
        if (_names.TryGetValue((table, offset), out var known))
            return known;
        var raw = _raw[table];
        Check(offset < raw.Size, fieldOffset, "a name lies inside its string table");
        var rest = _file.Span.Slice((int)(raw.Offset + offset), (int)(raw.Size - offset));
        var size = rest[..Math.Min(rest.Length, ElfFormat.MaxNameSize + 1)].IndexOf((byte)0);
        Check(size >= 0, fieldOffset, $"a name has at most {ElfFormat.MaxNameSize} bytes");
        try
        {
            return _names[(table, offset)] = StrictUtf8.GetString(rest[..size]);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed(raw.Offset + offset, "a name is UTF-8");
        }
    }

    private bool IsContent(int index) =>
        index != 0
        && index != _nameTableIndex
        && index != _symbolTableIndex
        && index != _symbolNameTableIndex
        && _raw[index].Type is not (ElfSectionType.Null or ElfSectionType.Rel or ElfSectionType.Rela);

    private void ReadSections()
    {
        _sections = new ElfSection?[_raw.Length];
        for (var i = 1; i < _raw.Length; i++)
        {
            var raw = _raw[i];
            var name = NameAt(_nameTableIndex, raw.NameOffset, raw.HeaderOffset);
            if (!IsContent(i))
                continue;
            Check(name.Length > 0, raw.HeaderOffset, "a section has a name");
            var hasInfoSection = raw.Flags.HasFlag(ElfSectionFlags.InfoLink);
            var data = raw.FileSize == 0 ? default : _file.Slice((int)raw.Offset, (int)raw.FileSize);
            _sections[i] = new ElfSection(name, raw.Type, raw.Flags, data, raw.Alignment)
            {
                Size = raw.Size,
                EntrySize = raw.EntrySize,
                LinksSymbolTable = raw.Link != 0 && raw.Link == _symbolTableIndex,
                Info = hasInfoSection ? 0 : raw.Info,
            };
        }
    }

    private void ResolveLinks()
    {
        for (var i = 1; i < _raw.Length; i++)
        {
            if (_sections[i] is not { } section)
                continue;
            var raw = _raw[i];
            var link = raw.Link == 0 || section.LinksSymbolTable ? null : _sections[raw.Link];
            Check(raw.Link == 0 || section.LinksSymbolTable || link is not null, raw.HeaderOffset + 40, "a section links to one with contents, or to the symbol table");
            var info = raw.Flags.HasFlag(ElfSectionFlags.InfoLink) ? SectionAt(raw.Info, raw.HeaderOffset + 44, "the info of a section with flag INFO_LINK is a section") : null;
            section.Resolve(link, info);
        }
    }

    private ElfSection SectionAt(uint index, long fieldOffset, string rule) =>
        index < _sections.Length && _sections[index] is { } section ? section : throw Malformed(fieldOffset, rule);
}
