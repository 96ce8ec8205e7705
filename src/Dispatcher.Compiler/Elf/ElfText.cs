using System.Globalization;
using System.Text;

namespace Dispatcher.Compiler.Elf;

/// <summary>Canonical text of an object, in the manner of readelf, for snapshots: the same object gives the same text.</summary>
public static class ElfText
{
    /// <summary>Widest column in characters: one name of thousands would make every line as long.</summary>
    private const int MaxWidth = 64;

    /// <summary>Longest name in characters: the name of a section stands in the line of each of its symbols.</summary>
    private const int MaxNameLength = 256;

    /// <summary>Renders header, sections, symbols and relocations.</summary>
    /// <param name="elf">The object.</param>
    /// <param name="withContents">Adds the bytes of every section, and relocations of debug sections one by one.</param>
    /// <returns>Lines that end with LF. Indices are those of the model: they leave out what the writer makes.</returns>
    public static string Render(ElfObject elf, bool withContents = false)
    {
        ArgumentNullException.ThrowIfNull(elf);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"ELF64 relocatable, {(elf.IsBigEndian ? "big" : "little")} endian, {elf.Machine.DisplayName()}, flags 0x{elf.Flags:x}\n");
        AppendSections(text, elf);
        AppendSymbols(text, elf);
        foreach (var table in elf.Relocations)
        {
            if (withContents || !table.Target.Name.StartsWith(".debug_", StringComparison.Ordinal))
                AppendRelocations(text, table);
            else
                text.Append(CultureInfo.InvariantCulture, $"\nRelocations of {Escape(table.Target.Name)}: {table.Entries.Length}, for debuggers\n");
        }

        if (withContents)
        {
            foreach (var section in elf.Sections.Where(s => s.Data.Length > 0))
                AppendContents(text, section);
        }

        return text.ToString();
    }

    private static void AppendSections(StringBuilder text, ElfObject elf)
    {
        var rows = new List<string[]> { "Nr Name Type Size Align ES Flg Link Info".Split(' ') };
        for (var i = 0; i < elf.Sections.Length; i++)
        {
            var section = elf.Sections[i];
            rows.Add([
                $"{i}",
                Escape(section.Name),
                NameOf(section.Type),
                $"0x{section.Size:x}",
                $"{section.Alignment}",
                $"{section.EntrySize}",
                NameOf(section.Flags),
                section.LinksSymbolTable ? "symbols" : Escape(section.Link?.Name ?? "-"),
                section.InfoSection is { } info ? Escape(info.Name) : $"{section.Info}",
            ]);
        }

        text.Append("\nSections:\n");
        AppendTable(text, rows);
    }

    private static void AppendSymbols(StringBuilder text, ElfObject elf)
    {
        var rows = new List<string[]> { "Nr Value Size Type Bind Vis Section Name".Split(' ') };
        for (var i = 0; i < elf.Symbols.Length; i++)
        {
            var symbol = elf.Symbols[i];
            rows.Add([
                $"{i}",
                $"0x{symbol.Value:x}",
                $"{symbol.Size}",
                NameOf(symbol.Type),
                NameOf(symbol.Binding),
                NameOf(symbol.Visibility),
                NameOf(symbol),
                Escape(symbol.Name),
            ]);
        }

        text.Append("\nSymbols:\n");
        AppendTable(text, rows);
    }

    private static void AppendRelocations(StringBuilder text, ElfRelocationTable table)
    {
        var rows = new List<string[]> { "Offset Type Symbol Addend".Split(' ') };
        foreach (var entry in table.Entries)
            rows.Add([$"0x{entry.Offset:x}", $"{entry.Type}", Escape(entry.Symbol?.ToString() ?? "-"), entry.Addend is { } addend ? $"{addend}" : "-"]);
        text.Append("\nRelocations of ").Append(Escape(table.Target.Name)).Append(":\n");
        AppendTable(text, rows);
    }

    private static void AppendContents(StringBuilder text, ElfSection section)
    {
        text.Append("\nContents of ").Append(Escape(section.Name)).Append(":\n");
        var bytes = section.Data.Span;
        for (var offset = 0; offset < bytes.Length; offset += 16)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {offset:x6}");
            foreach (var value in bytes.Slice(offset, Math.Min(16, bytes.Length - offset)))
                text.Append(CultureInfo.InvariantCulture, $" {value:x2}");
            text.Append('\n');
        }
    }

    private static void AppendTable(StringBuilder text, List<string[]> rows)
    {
        var widths = new int[rows[0].Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], Math.Min(row[i].Length, MaxWidth));
        }

        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i])));
            text.Append("  ").Append(line.TrimEnd()).Append('\n');
        }
    }

    private static string NameOf(ElfSectionType type) => type switch
    {
        ElfSectionType.ProgBits => "PROGBITS",
        ElfSectionType.NoBits => "NOBITS",
        ElfSectionType.StringTable => "STRTAB",
        ElfSectionType.Note => "NOTE",
        ElfSectionType.LlvmAddressSignificance => "LLVM_ADDRSIG",
        _ => $"0x{(uint)type:x}",
    };

    private static string NameOf(ElfSectionFlags flags)
    {
        ReadOnlySpan<(ElfSectionFlags Flag, char Letter)> letters =
        [
            (ElfSectionFlags.Write, 'W'), (ElfSectionFlags.Alloc, 'A'), (ElfSectionFlags.Executable, 'X'), (ElfSectionFlags.Merge, 'M'),
            (ElfSectionFlags.Strings, 'S'), (ElfSectionFlags.InfoLink, 'I'), (ElfSectionFlags.LinkOrder, 'L'), (ElfSectionFlags.Exclude, 'E'),
        ];
        var name = new StringBuilder();
        foreach (var (flag, letter) in letters)
        {
            if ((flags & flag) == 0)
                continue;
            name.Append(letter);
            flags &= ~flag;
        }

        if (flags != 0)
            name.Append(CultureInfo.InvariantCulture, $"+0x{(ulong)flags:x}");
        return name.Length == 0 ? "-" : name.ToString();
    }

    private static string NameOf(ElfSymbol symbol) => symbol.Place switch
    {
        ElfSymbolPlace.Undefined => "UND",
        ElfSymbolPlace.Absolute => "ABS",
        ElfSymbolPlace.Common => "COM",
        _ => Escape(symbol.Section!.Name),
    };

    private static string NameOf(ElfSymbolType type) => type switch
    {
        ElfSymbolType.Function => "FUNC",
        ElfSymbolType.ThreadLocal => "TLS",
        <= ElfSymbolType.Common => type.ToString().ToUpperInvariant(),
        _ => $"{(byte)type}",
    };

    private static string NameOf(ElfSymbolBinding binding) =>
        binding <= ElfSymbolBinding.Weak ? binding.ToString().ToUpperInvariant() : $"{(byte)binding}";

    private static string NameOf(ElfSymbolVisibility visibility) => visibility.ToString().ToUpperInvariant();

    /// <summary>A name with control characters, spaces and backslashes shown as escapes, so that it cannot forge lines or columns; cut when that is long.</summary>
    private static string Escape(string name)
    {
        if (name.Length <= MaxNameLength && !name.Any(c => char.IsSurrogate(c) || IsEscaped(new Rune(c))))
            return name;
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (text.Length >= MaxNameLength)
                return text.Append("...").ToString();
            if (IsEscaped(rune))
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                text.Append(rune);
        }

        return text.ToString();
    }

    private static bool IsEscaped(Rune rune) =>
        Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune.Value == '\\';
}
