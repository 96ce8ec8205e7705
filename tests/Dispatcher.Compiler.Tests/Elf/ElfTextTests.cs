using Dispatcher.Compiler.Elf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Elf;

/// <summary>The text is frozen here; that the object behind it is right, readelf says in <see cref="ElfOracleTests"/>.</summary>
public sealed class ElfTextTests
{
    [Fact]
    public void Shows_sections_symbols_relocations_and_bytes() => Snapshot.Verify(ElfText.Render(ElfSamples.Tiny(), withContents: true));

    [Fact]
    public void Shows_what_is_out_of_the_ordinary()
    {
        var data = new ElfSection("data with\nforged line", ElfSectionType.Note, (ElfSectionFlags)0x10040, new byte[8], 0) { EntrySize = 8, InfoSection = null };
        var zeros = new ElfSection(".bss", ElfSectionType.NoBits, ElfSectionFlags.Alloc | ElfSectionFlags.Write, default, 4096) { Size = 0x1234, Link = data };
        var addresses = new ElfSection(".llvm_addrsig", ElfSectionType.LlvmAddressSignificance, ElfSectionFlags.Exclude, new byte[1]) { LinksSymbolTable = true, Info = 3 };
        var symbol = ElfSymbol.Outside("über\u202egap", ElfSymbolPlace.Undefined, (ElfSymbolType)10, (ElfSymbolBinding)10, 1, 2, ElfSymbolVisibility.Hidden);
        Snapshot.Verify(ElfText.Render(new ElfObject
        {
            Machine = (ElfMachine)4711,
            IsBigEndian = true,
            Flags = 5,
            Sections = [data, zeros, addresses],
            Symbols = [ElfSymbol.Outside("file.c", ElfSymbolPlace.Absolute, ElfSymbolType.File, ElfSymbolBinding.Local), symbol],
            Relocations = [new ElfRelocationTable(data, [new ElfRelocation(4, symbol, 77, -8), new ElfRelocation(0, null, 0, 0)])],
        }));
    }

    [Fact]
    public void A_long_section_name_is_cut_and_does_not_widen_the_lines_of_others()
    {
        var section = new ElfSection(new string('\u0001', 1000), ElfSectionType.ProgBits, ElfSectionFlags.Alloc, new byte[8]);
        var other = new ElfSection("other", ElfSectionType.ProgBits, ElfSectionFlags.Alloc, new byte[8]);
        var text = ElfText.Render(new ElfObject { Sections = [section, other], Symbols = [.. Enumerable.Range(0, 1000).Select(i => ElfSymbol.GlobalFunction($"{i}", other, 0, 8))] });
        Assert.Contains(@"\u0001...", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 50_000, 150_000);
    }

    [Fact]
    public void Text_of_an_object_survives_writing_and_reading() =>
        Assert.Equal(ElfText.Render(ElfReader.Read(ElfSamples.Rich()), withContents: true), ElfText.Render(ElfReader.Read(ElfWriter.Write(ElfReader.Read(ElfSamples.Rich()))), withContents: true));
}
