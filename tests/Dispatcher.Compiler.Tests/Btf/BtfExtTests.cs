using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using static Dispatcher.Compiler.Tests.Btf.BtfRoundTripTests;

namespace Dispatcher.Compiler.Tests.Btf;

public sealed class BtfExtTests
{
    [Theory]
    [InlineData("bpf")]
    [InlineData("bpfeb")]
    public void What_clang_wrote_is_written_again_byte_for_byte(string target)
    {
        // preserve_access_index makes clang emit CO-RE records too.
        const string Source = """
            struct thing { int a; int b; } __attribute__((preserve_access_index));
            int first(struct thing *t) { return t->b; }
            __attribute__((section("xdp"))) int second(struct thing *t) { return t->a + first(t); }
            """;
        var elf = Dispatcher.Testing.Clang.Compile(Source, "-target", target);
        var btf = BtfData.Read(BtfSamples.SectionOf(elf, ".BTF"));
        var bytes = BtfSamples.SectionOf(elf, ".BTF.ext");
        var ext = BtfExt.Read(bytes, btf);
        Assert.Equal(bytes, ext.Encode(btf.IsBigEndian));
        Assert.Equal(ext, BtfExt.Read(ext.Encode(!btf.IsBigEndian), btf));
        Assert.Equal([".text", "xdp"], ext.Relocations.Select(s => btf.GetString(s.Name)));
        Assert.Equal("0:1", btf.GetString(ext.Relocations[0].Records[0].Access));
        Assert.Equal("struct thing", BtfC.Describe(btf, ext.Relocations[0].Records[0].Type));
    }

    [Fact]
    public void Functions_of_a_clang_object_start_where_its_symbols_say()
    {
        var (elf, btf, ext) = ReadSource();
        var fromSymbols = elf.Symbols.Where(s => s.Type == ElfSymbolType.Function).Select(s => (s.Section!.Name, (uint)s.Value / 8, s.Name));
        var fromExt = ext.Functions.SelectMany(s => s.Records.Select(r => (btf.GetString(s.Name), r.InstructionIndex, btf[r.Function].Name)));
        Assert.Equal(fromSymbols.Order(), fromExt.Order());
    }

    [Fact]
    public void Lines_of_a_clang_object_are_the_lines_of_its_source()
    {
        var (elf, btf, ext) = ReadSource();
        var source = BtfSamples.Source.Split('\n');
        var lines = ext.Lines.SelectMany(s => s.Records.Select(r => (Section: elf.FindSection(btf.GetString(s.Name))!, Record: r))).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            Assert.Equal(source[line.Record.Line - 1], btf.GetString(line.Record.Text));
            Assert.EndsWith(".c", btf.GetString(line.Record.FileName), StringComparison.Ordinal);
            Assert.InRange(line.Record.Column, 0u, (uint)source[line.Record.Line - 1].Length + 1);
            Assert.InRange(line.Record.InstructionIndex, 0u, (uint)(line.Section.Size / 8) - 1);
        });
    }

    [Fact]
    public void The_kernel_takes_instructions_where_the_section_has_bytes()
    {
        BtfFuncInfo[] functions = [new(0, new(7)), new(5, new(9))];
        BtfLineInfo[] lines = [new(3, new(10), new(20), 4, 2)];
        Assert.Equal(Words(0, 7, 5, 9), BtfExt.EncodeForKernel(functions));
        Assert.Equal(Words(3, 10, 20, 4 << 10 | 2), BtfExt.EncodeForKernel(lines));
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 10, 0, 0, 0, 20, 0, 0, 16, 2], BtfExt.EncodeForKernel(lines, bigEndian: true));
        var section = new BtfExt([new(new(1), [.. functions])], [new(new(1), [.. lines])]).Encode();
        Assert.Equal(Words(0x0001eb9f, 32, 0, 28, 28, 28, 56, 0, 8, 1, 2, 0, 7, 40, 9, 16, 1, 1, 24, 10, 20, 4 << 10 | 2), section);
    }

    [Fact]
    public void A_line_or_column_that_does_not_fit_is_not_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BtfExt.EncodeForKernel([new BtfLineInfo(0, default, default, 1 << 22, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => BtfExt.EncodeForKernel([new BtfLineInfo(0, default, default, 1, 1 << 10)]));
    }

    [Theory]
    [InlineData(4, 28u, "header has 24 or 32")]
    [InlineData(8, 4u, "without gap")]
    [InlineData(12, 18u, "multiple of 4")]
    [InlineData(12, 0xfffffff0u, "ends with the section")]
    [InlineData(12, 16u, "without gap")]
    [InlineData(20, 24u, "fill all")]
    [InlineData(32, 12u, "a record has 8 bytes")]
    [InlineData(36, 1000u, "lies in the string section")]
    [InlineData(40, 0u, "at least one record")]
    [InlineData(40, 2u, "fit in")]
    [InlineData(40, 0xffffffffu, "fit in")]
    [InlineData(44, 4u, "multiple of 8")]
    [InlineData(48, 1u, "is a function")]
    [InlineData(48, 1000u, "is a function")]
    [InlineData(68, 1000u, "lies in the string section")]
    public void A_broken_section_is_refused(int offset, uint value, string rule)
    {
        var b = new BtfBuilder();
        var proto = b.Add(new BtfFuncProto(BtfTypeId.Void, []));
        var function = b.Add(new BtfFunc("f", proto, BtfLinkage.Global));
        var name = b.AddString("xdp");
        var bytes = new BtfExt([new(name, [new(0, function)])], [new(name, [new(0, name, name, 1, 1)])]).Encode();
        BtfExt.Read(bytes, b.Build());
        BitConverter.GetBytes(value).CopyTo(bytes, offset);
        var error = Assert.Throws<MalformedObjectException>(() => BtfExt.Read(bytes, b.Build()));
        Assert.Equal("BTF.ext", error.Format);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    private static (ElfObject Elf, BtfData Btf, BtfExt Ext) ReadSource()
    {
        var bytes = BtfSamples.CompileSource();
        var btf = BtfData.Read(BtfSamples.SectionOf(bytes, ".BTF"));
        return (ElfReader.Read(bytes), btf, BtfExt.Read(BtfSamples.SectionOf(bytes, ".BTF.ext"), btf));
    }
}
