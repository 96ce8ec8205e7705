using System.Buffers.Binary;
using Dispatcher.Compiler.Elf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Elf;

public sealed class ElfReaderTests
{
    [Theory]
    [InlineData("bpfel", false)]
    [InlineData("bpfeb", true)]
    public void Reads_what_clang_makes_and_writes_it_back_equal(string target, bool isBigEndian)
    {
        var elf = ElfReader.Read(ElfSamples.Rich("-target", target));
        Assert.Equal(ElfMachine.Bpf, elf.Machine);
        Assert.Equal(isBigEndian, elf.IsBigEndian);
        Assert.Equal("GPL\0"u8.ToArray(), elf.FindSection("license")!.Data.ToArray());
        Assert.Equal(ElfSectionType.NoBits, elf.FindSection(".bss")!.Type);
        var program = elf.FindSymbol("prog")!;
        Assert.Equal(("xdp", ElfSymbolType.Function), (program.Section!.Name, program.Type));
        var relocated = elf.RelocationsOf(program.Section).Select(r => r.Symbol!.Name);
        Assert.Equal(["counter", "helper", "hits", "limit"], relocated.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(elf, ElfReader.Read(ElfWriter.Write(elf)));
    }

    [Fact]
    public void Reads_libxdps_dispatcher_and_writes_it_back_equal()
    {
        var elf = ElfReader.Read(ElfSamples.LibxdpDispatcher());
        Assert.Equal("xdp", elf.FindSymbol("xdp_dispatcher")!.Section!.Name);
        Assert.Equal(elf, ElfReader.Read(ElfWriter.Write(elf)));
    }

    [Fact]
    public void Reads_an_object_of_another_machine_and_names_it()
    {
        const string source = "int x; int f(void);\nint g(void) { return x + f(); }\n";
        var bytes = Clang.Compile(source, "-target", "x86_64-linux-gnu");
        Assert.Equal("x86-64", ElfReader.ReadHeader(bytes).Machine.DisplayName());
        Assert.False(ElfReader.ReadHeader(bytes).IsBpfObject);
        var elf = ElfReader.Read(bytes);
        Assert.Equal(ElfMachine.X8664, elf.Machine);
        Assert.Contains(elf.RelocationsOf(elf.FindSection(".text")!), r => r.Symbol?.Name == "f" && r.Addend == -4);
        Assert.Equal(ElfSymbolPlace.Undefined, elf.FindSymbol("f")!.Place);
        Assert.Equal(elf, ElfReader.Read(ElfWriter.Write(elf)));
    }

    [Fact]
    public void The_header_of_any_elf_file_can_be_read()
    {
        Need.That(File.Exists("/bin/sh"), "Sh", "needs /bin/sh");
        var bytes = File.ReadAllBytes("/bin/sh");
        Assert.True(ElfReader.ReadHeader(bytes).FileType is ElfFileType.Executable or ElfFileType.Shared);
        Assert.Contains("only relocatable objects are read", Assert.Throws<MalformedObjectException>(() => ElfReader.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\n")]
    [InlineData("")]
    [InlineData("\u007fEL")]
    public void Something_else_is_not_an_elf_file(string text)
    {
        var refusal = Assert.Throws<MalformedObjectException>(() => ElfReader.Read(System.Text.Encoding.Latin1.GetBytes(text)));
        Assert.Contains("starts with the bytes 7f 45 4c 46", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 1, "ELF32")]
    [InlineData(4, 3, "class is 1")]
    [InlineData(5, 0, "byte order is 1")]
    [InlineData(6, 0, "version is 1")]
    [InlineData(7, 9, "System V")]
    [InlineData(16, 2, "relocatable")]
    [InlineData(20, 2, "version is 1")]
    [InlineData(24, 1, "entry address")]
    [InlineData(32, 1, "program headers")]
    [InlineData(40, 1, "aligned to 8")]
    [InlineData(47, 0x40, "inside the file")]
    [InlineData(52, 63, "64 bytes")]
    [InlineData(56, 1, "program headers")]
    [InlineData(58, 40, "64 bytes")]
    [InlineData(61, 0xff, "fewer than 65280")]
    [InlineData(62, 0, "section names exists")]
    [InlineData(62, 1, "names come from a string table")]
    public void A_broken_header_is_refused_with_its_rule(int offset, byte value, string rule) =>
        AssertRefused(file => file[offset] = value, rule);

    // Sections of the sample: 1 .text, 2 xdp, 3 .relxdp, 4 license, 5 .symtab, 6 .strtab.
    [Theory]
    [InlineData(0, 4, 1u, "first section header is empty")]
    [InlineData(1, 0, 9999u, "inside its string table")]
    [InlineData(1, 0, 0u, "a section has a name")]
    [InlineData(1, 4, 17u, "section groups")]
    [InlineData(1, 4, 2u, "one symbol table at most")]
    [InlineData(1, 16, 1u, "no address")]
    [InlineData(1, 24, 65u, "multiple of its alignment")]
    [InlineData(1, 24, 0x7ffffff8u, "lies inside the file")]
    [InlineData(1, 32, 0x7fffffffu, "lies inside the file")]
    [InlineData(2, 24, 64u, "do not overlap")]
    [InlineData(1, 40, 99u, "links to a section that exists")]
    [InlineData(1, 40, 3u, "links to one with contents")]
    [InlineData(1, 8, 0x46u, "flag INFO_LINK is a section")]
    [InlineData(1, 48, 3u, "power of two")]
    [InlineData(3, 32, 15u, "whole entries")]
    [InlineData(3, 40, 6u, "link to the symbol table")]
    [InlineData(3, 44, 6u, "name the section that they change")]
    [InlineData(3, 56, 24u, "has 16 bytes")]
    [InlineData(5, 40, 4u, "names come from a string table")]
    [InlineData(5, 44, 0u, "counts its local symbols")]
    [InlineData(5, 44, 3u, "local symbols come first")]
    [InlineData(5, 56, 16u, "has 24 bytes")]
    [InlineData(6, 32, 2u, "ends with a zero byte")]
    [InlineData(6, 32, 0u, "not empty")]
    public void A_broken_section_header_is_refused_with_its_rule(int section, int field, uint value, string rule) =>
        AssertRefused(file => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(SectionHeader(file, section) + field), value), rule);

    [Theory]
    [InlineData(0, 0, 1u, "starts with an empty symbol")]
    [InlineData(1, 0, 9999u, "inside its string table")]
    [InlineData(2, 4, 0x00020002u, "local symbols come first")]
    [InlineData(2, 4, 0x00020412u, "visibility")]
    [InlineData(2, 4, 0x00090012u, "section that exists")]
    [InlineData(2, 4, 0xffff0012u, "extended indices")]
    [InlineData(2, 8, 1u, "lies inside its section")]
    [InlineData(2, 20, 1u, "lies inside its section")]
    public void A_broken_symbol_is_refused_with_its_rule(int symbol, int field, uint value, string rule) =>
        AssertRefused(file => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Contents(file, 5) + 24 * symbol + field), value), rule);

    [Theory]
    [InlineData(0, 16u, "inside the section that it changes")]
    [InlineData(12, 5u, "names a symbol that exists")]
    public void A_broken_relocation_is_refused_with_its_rule(int field, uint value, string rule) =>
        AssertRefused(file => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Contents(file, 3) + field), value), rule);

    [Fact]
    public void A_name_that_is_not_text_is_refused() =>
        AssertRefused(file => file[Contents(file, 6) + 1] = 0xff, "a name is UTF-8");

    [Fact]
    public void Long_names_are_refused_so_that_a_small_file_cannot_ask_for_much_memory()
    {
        var name = new string('a', 1024);
        var section = new ElfSection(name, ElfSectionType.ProgBits, ElfSectionFlags.None, new byte[1]);
        var file = ElfWriter.Write(new ElfObject { Sections = [section] });
        Assert.Equal(name, ElfReader.Read(file).Sections[0].Name);
        file[file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(name + "\0")) + 1024] = (byte)'a';
        Assert.Contains("at most 1024 bytes", Assert.Throws<MalformedObjectException>(() => ElfReader.Read(file)).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(Action<byte[]> damage, string rule)
    {
        var file = ElfWriter.Write(ElfSamples.Tiny());
        Assert.Equal(3, ElfReader.Read(file).Sections.Length);
        damage(file);
        var refusal = Assert.Throws<MalformedObjectException>(() => ElfReader.Read(file));
        Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("ELF", refusal.Format);
    }

    private static int SectionHeader(byte[] file, int section) => (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(40)) + 64 * section;

    private static int Contents(byte[] file, int section) => (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(SectionHeader(file, section) + 24));
}
