using System.Collections.Immutable;
using Dispatcher.Compiler.Elf;

namespace Dispatcher.Compiler.Tests.Elf;

public sealed class ElfWriterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_reads_back_equal_with_local_symbols_first(bool isBigEndian)
    {
        var elf = ElfSamples.Tiny(isBigEndian);
        var read = ElfReader.Read(ElfWriter.Write(elf));

        Assert.Equal(["", "pass", "helper", "_license"], read.Symbols.Select(s => s.Name));
        Assert.Equal(isBigEndian, read.IsBigEndian);
        Assert.Equal(Reordered(elf), read);
        Assert.NotEqual(elf, read);
    }

    [Fact]
    public void The_same_object_gives_the_same_bytes() =>
        Assert.Equal(ElfWriter.Write(ElfSamples.Tiny()), ElfWriter.Write(ElfSamples.Tiny()));

    [Fact]
    public void The_two_byte_orders_differ_and_say_so()
    {
        var (little, big) = (ElfWriter.Write(ElfSamples.Tiny()), ElfWriter.Write(ElfSamples.Tiny(isBigEndian: true)));
        Assert.Equal(little.Length, big.Length);
        Assert.Equal([247, 0], little[18..20]);
        Assert.Equal([0, 247], big[18..20]);
    }

    [Fact]
    public void Contents_start_at_multiples_of_their_alignment()
    {
        var odd = new ElfSection("odd", ElfSectionType.ProgBits, ElfSectionFlags.None, new byte[3]);
        var aligned = new ElfSection("aligned", ElfSectionType.ProgBits, ElfSectionFlags.None, new byte[] { 0xa1, 0xa2, 0xa3 }, 256);
        var file = ElfWriter.Write(new ElfObject { Sections = [odd, aligned] });
        Assert.Equal(256, file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xa1, 0xa2, 0xa3]));
    }

    [Fact]
    public void A_section_of_zeros_takes_no_room_in_the_file()
    {
        var small = new ElfSection(".bss", ElfSectionType.NoBits, ElfSectionFlags.Alloc, default, 8) { Size = 1 };
        var large = new ElfSection(".bss", ElfSectionType.NoBits, ElfSectionFlags.Alloc, default, 8) { Size = 1 << 30 };
        var file = ElfWriter.Write(new ElfObject { Sections = [large] });
        Assert.Equal(ElfWriter.Write(new ElfObject { Sections = [small] }).Length, file.Length);
        Assert.Equal(1 << 30, ElfReader.Read(file).Sections[0].Size);
    }

    [Fact]
    public void Links_may_point_forward_and_survive()
    {
        var last = new ElfSection("last", ElfSectionType.ProgBits, ElfSectionFlags.None, new byte[4]);
        var symbols = new ElfSection("addresses", ElfSectionType.LlvmAddressSignificance, ElfSectionFlags.Exclude, new byte[2]) { LinksSymbolTable = true };
        var first = new ElfSection("first", ElfSectionType.ProgBits, ElfSectionFlags.InfoLink | ElfSectionFlags.LinkOrder, new byte[4]) { Link = last, InfoSection = symbols };
        var elf = new ElfObject { Sections = [first, symbols, last] };
        var read = ElfReader.Read(ElfWriter.Write(elf));
        Assert.Equal(elf, read);
        Assert.Same(read.Sections[2], read.Sections[0].Link);
        Assert.Same(read.Sections[1], read.Sections[0].InfoSection);
        Assert.True(read.Sections[1].LinksSymbolTable);
    }

    public static TheoryData<string, Func<ElfObject>> Mistakes()
    {
        var text = new ElfSection(".text", ElfSectionType.ProgBits, ElfSectionFlags.None, new byte[16], 8);
        var stray = new ElfSection("stray", ElfSectionType.ProgBits, ElfSectionFlags.None, new byte[16]);
        var zeros = new ElfSection(".bss", ElfSectionType.NoBits, ElfSectionFlags.None, default) { Size = 8 };
        var main = ElfSymbol.GlobalFunction("main", text, 0, 16);
        ElfObject With(params ReadOnlySpan<ElfSection> sections) => new() { Sections = [.. sections] };
        ElfObject Symbol(ElfSymbol symbol) => new() { Sections = [text], Symbols = [symbol] };
        ElfObject Relocation(ElfSection target, params ReadOnlySpan<ElfRelocation> entries) =>
            new() { Sections = [text, zeros], Symbols = [main], Relocations = [new ElfRelocationTable(target, [.. entries])] };
        ElfSection Of(ElfSectionType type, ElfSectionFlags flags = ElfSectionFlags.None, ulong alignment = 1, string name = "x") => new(name, type, flags, new byte[4], alignment);

        return new TheoryData<string, Func<ElfObject>>
        {
            { "if only as empty lists", () => new ElfObject { Sections = default } },
            { "in the object twice", () => With(text, text) },
            { "A symbol is in the object twice", () => new ElfObject { Sections = [text], Symbols = [main, main] } },
            { "made by the writer", () => With(Of(ElfSectionType.SymbolTable)) },
            { "made by the writer", () => With(Of(ElfSectionType.Rel)) },
            { "not supported", () => With(Of(ElfSectionType.Group)) },
            { "power of two", () => With(Of(ElfSectionType.ProgBits, alignment: 3)) },
            { "power of two", () => With(Of(ElfSectionType.ProgBits, alignment: 1 << 21)) },
            { "only a NoBits section", () => With(new ElfSection("x", ElfSectionType.ProgBits, 0, new byte[4]) { Size = 5 }) },
            { "only a NoBits section", () => With(new ElfSection("x", ElfSectionType.NoBits, 0, new byte[4])) },
            { "at most 2147483647", () => With(new ElfSection("x", ElfSectionType.NoBits, 0, default) { Size = 1L << 31 }) },
            { "the link is one section", () => With(new ElfSection("x", ElfSectionType.ProgBits, 0, default) { Link = stray }) },
            { "the info is one section", () => With(new ElfSection("x", ElfSectionType.ProgBits, ElfSectionFlags.InfoLink, default) { InfoSection = stray }) },
            { "InfoLink goes with", () => With(Of(ElfSectionType.ProgBits, ElfSectionFlags.InfoLink)) },
            { "no zero byte", () => With(Of(ElfSectionType.ProgBits, name: "a\0b")) },
            { "UTF-8 can express", () => With(Of(ElfSectionType.ProgBits, name: "a\ud800")) },
            { "at most 1024 bytes", () => With(Of(ElfSectionType.ProgBits, name: new string('a', 1025))) },
            { "ends at byte 17", () => Symbol(ElfSymbol.GlobalFunction("f", text, 8, 9)) },
            { "ends at byte 18446744073709551616", () => Symbol(ElfSymbol.GlobalFunction("f", text, ulong.MaxValue, 1)) },
            { "not part of the object", () => Symbol(ElfSymbol.GlobalFunction("f", stray, 0, 8)) },
            { "visibility at most 3", () => Symbol(new ElfSymbol("f", text, 0, 0, 0, 0, (ElfSymbolVisibility)4)) },
            { "that has contents", () => Relocation(zeros) },
            { "that has contents", () => Relocation(stray) },
            { "the section has 16 bytes", () => Relocation(text, new ElfRelocation(16, main, 1)) },
            { "not part of the object", () => Relocation(text, new ElfRelocation(0, ElfSymbol.OfSection(text), 1)) },
            { "either all have an addend", () => Relocation(text, new ElfRelocation(0, main, 1), new ElfRelocation(8, main, 1, 4)) },
            { "fewer than 65280", () => With([.. Enumerable.Range(0, 65280).Select(_ => Of(ElfSectionType.ProgBits))]) },
        };
    }

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_of_the_caller_is_refused_by_name(string rule, Func<ElfObject> make)
    {
        var refusal = Assert.Throws<ArgumentException>(() => ElfWriter.Write(make()));
        Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
    }

    private static ElfObject Reordered(ElfObject elf) => new()
    {
        IsBigEndian = elf.IsBigEndian,
        Sections = elf.Sections,
        Symbols = [.. elf.Symbols.OrderBy(s => s.Binding != ElfSymbolBinding.Local)],
        Relocations = elf.Relocations,
    };
}
