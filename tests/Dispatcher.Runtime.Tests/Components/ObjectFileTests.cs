using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Components;
using Dispatcher.Testing;

namespace Dispatcher.Runtime.Tests.Components;

public sealed class ObjectFileTests
{
    [Fact]
    public void A_function_in_a_section_without_contents_is_no_program()
    {
        var zeros = new ElfSection("xdp", ElfSectionType.NoBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, default, 8) { Size = 16 };
        var missing = Assert.Throws<NotFoundException>(() => ObjectFile.Find(ObjectOf(zeros), "x.o", null, null));
        Assert.EndsWith("It holds no program at all.", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_function_in_a_section_with_contents_is_one()
    {
        var code = new ElfSection("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, new byte[16], 8);
        var program = ObjectFile.Find(ObjectOf(code), "x.o", null, null);
        Assert.Equal(("print", 2), (program.Name, program.InstructionCount));
    }

    [Fact]
    public void What_else_is_in_an_object_is_told_unless_one_was_asked_for()
    {
        var code = new ElfSection("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, new byte[32], 8);
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise("first").Btf.Encode(), 4);
        var both = ElfWriter.Write(new ElfObject
        {
            Sections = [code, types],
            Symbols = [ElfSymbol.GlobalFunction("first", code, 0, 16), ElfSymbol.GlobalFunction("second", code, 16, 16)],
        });
        var first = ObjectFile.Find(both, "x.o", null, null);
        Assert.Equal(["second"], first.OtherPrograms.AsEnumerable());
        var note = Assert.Single(ObjectNotes.Of([first], null));
        Assert.Equal((ChangeNoteKind.OtherPrograms, "x.o holds second too; first is the first, and a name (functionName of FromElfFile) chooses another"), (note.Kind, note.Message));
        Assert.Empty(ObjectFile.Find(both, "x.o", "first", null).OtherPrograms);
        Assert.Empty(ObjectNotes.Of([ObjectFile.Find(both, "x.o", null, "xdp")], null));
    }

    [Theory]
    [InlineData("pinning", 1u, "x.o asks that chosen be pinned by name, which is not done unless a folder is named", null)]
    [InlineData("type", 3u, null, null)]
    [InlineData("type", 1u, null, "no map asks to be pinned by name (LIBBPF_PIN_BY_NAME), so nothing is pinned in /sys/fs/bpf/maps")]
    public void Maps_that_ask_for_a_folder_without_one_and_a_folder_that_no_map_needs_are_told(string member, uint number, string? withoutFolder, string? withFolder)
    {
        var builder = new BtfBuilder();
        var @int = builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        var prototype = builder.Add(new BtfFuncProto(@int, []));
        builder.Add(new BtfFunc("print", prototype, BtfLinkage.Global));
        var (chosen, plain) = (AddMap(builder, "chosen", @int, member, number), AddMap(builder, "plain", @int, "pinning", 0));
        builder.Add(new BtfDataSec(".maps", 16, [new BtfSectionVariable(chosen, 0, 8), new BtfSectionVariable(plain, 8, 8)]));
        var code = new ElfSection("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, new byte[16], 8);
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, builder.Build().Encode(), 4);
        var program = ObjectFile.Find(ElfWriter.Write(new ElfObject { Sections = [code, types], Symbols = [ElfSymbol.GlobalFunction("print", code, 0, 16)] }), "x.o", null, null);

        foreach (var (folder, said) in new[] { (null, withoutFolder), ("/sys/fs/bpf/maps", withFolder) })
        {
            var notes = ObjectNotes.Of([program, program], folder);
            Assert.All(notes, note => Assert.Equal(ChangeNoteKind.MapsNotPinned, note.Kind));
            Assert.Equal(said is null ? 0 : 1, notes.Length);
            Assert.All(notes, note => Assert.StartsWith(said!, note.Message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("tc", true)]
    [InlineData("tc/ingress", true)]
    [InlineData("kprobe/tcp_connect", true)]
    [InlineData("sk_msg", true)]
    [InlineData("cgroup_skb/egress", true)]
    [InlineData("tcp_filter", false)]
    [InlineData("prog", false)]
    [InlineData("freplace/x", false)]
    [InlineData("xdp", false)]
    public void A_section_of_another_type_holds_no_component(string section, bool isRefused)
    {
        Assert.Equal(isRefused, SectionNames.IsOfAnotherType(section));
        var code = new ElfSection(section, ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, new byte[16], 8);
        if (isRefused)
            Assert.StartsWith($"'print' of 'x.o' is no XDP program: it is in section '{section}'", Assert.Throws<ComponentException>(() => ObjectFile.Find(ObjectOf(code), "x.o", "print", null)).Message, StringComparison.Ordinal);
        else
            Assert.Equal("print", ObjectFile.Find(ObjectOf(code), "x.o", "print", null).Name);
    }

    [Fact]
    public void A_dispatcher_is_no_component()
    {
        var dispatcher = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [new Slot(50, ChainCallActions.Default)])).WriteElf();
        var refused = Assert.Throws<ComponentException>(() => ObjectFile.Find(dispatcher, "d.o", null, null));
        Assert.StartsWith("'d.o' is a dispatcher, which holds the programs of a chain", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_config_for_a_function_that_is_not_there_is_told()
    {
        var note = Assert.Single(ObjectNotes.Of([WithRunConfigs("prnt")], null));
        Assert.Equal(
            (ChangeNoteKind.StrayRunConfig, "x.o has a run config for prnt, which is no function in it, and none for print: that has priority 50 and goes on after XDP_PASS unless the request says otherwise"),
            (note.Kind, note.Message));
        Assert.Equal("x.o has a run config for prnt, which is no function in it", Assert.Single(ObjectNotes.Of([WithRunConfigs("print", "prnt")], null)).Message);
        Assert.Empty(ObjectNotes.Of([WithRunConfigs("print")], null));
    }

    [Fact]
    public void A_static_function_is_named_as_what_is_wrong()
    {
        var code = Code();
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise("print").Btf.Encode(), 4);
        var symbol = new ElfSymbol("print", code, 0, 16, ElfSymbolType.Function, ElfSymbolBinding.Local);
        var missing = Assert.Throws<NotFoundException>(() => ObjectFile.Find(ElfWriter.Write(new ElfObject { Sections = [code, types], Symbols = [symbol] }), "x.o", null, null));
        const string Advice = "It holds 'print', which is static; a component is a global function: leave 'static' out.";
        Assert.EndsWith(Advice, missing.Message, StringComparison.Ordinal);

        var other = new ElfSection("tc", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, new byte[16], 8);
        var beside = ElfWriter.Write(new ElfObject { Sections = [code, other, types], Symbols = [symbol, ElfSymbol.GlobalFunction("filter", other, 0, 16)] });
        foreach (var name in new[] { null, "print" })
            Assert.EndsWith(Advice, Assert.Throws<NotFoundException>(() => ObjectFile.Find(beside, "x.o", name, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_of_programs_that_the_source_fills_is_named_with_what_to_do()
    {
        var source = $$"""
            #define N(name, value) int (*name)[value]
            int component(void *ctx), target(void *ctx);
            struct { N(type, 3); N(max_entries, 2); N(key_size, 4); int (*values[])(void *); } plain __attribute__((section(".maps"), used));
            struct { N(type, 3); N(max_entries, 2); N(key_size, 4); int (*values[])(void *); } jumps __attribute__((section(".maps"), used)) = { .values = { [1] = (void *)&target } };
            __attribute__((section("xdp"))) int component(void *ctx) { return 2; }
            __attribute__((section("xdp"))) int target(void *ctx) { return 1; }
            """;
        var refused = Assert.Throws<ComponentException>(() => ObjectFile.Find(Clang.Compile(source, "-Wno-everything"), "x.o", "component", null));
        Assert.Equal(
            "'x.o' fills its program array jumps in the source, with target, and a component does not take its targets with it. "
            + "Leave '.values' out, and put them into the pinned array once the component is loaded (docs/operations.md, \"Tail calls\").",
            refused.Message);
        Assert.Equal("component", ObjectFile.Find(Clang.Compile(source.Replace(" = { .values = { [1] = (void *)&target } }", "", StringComparison.Ordinal), "-Wno-everything"), "x.o", "component", null).Name);
    }

    private static ElfSection Code() => new("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, new byte[16], 8);

    private static ComponentProgram WithRunConfigs(params ReadOnlySpan<string> functions)
    {
        var builder = new BtfBuilder();
        var number = builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        builder.Add(new BtfFunc("print", builder.Add(new BtfFuncProto(number, [])), BtfLinkage.Global));
        var variables = new List<BtfSectionVariable>();
        foreach (var function in functions)
            variables.Add(new BtfSectionVariable(builder.Add(new BtfVar("_" + function, builder.Add(new BtfStruct("", 0, [])), BtfLinkage.Global)), 0, 0));
        builder.Add(new BtfDataSec(RunConfigReader.Section, 0, [.. variables]));
        var code = Code();
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, builder.Build().Encode(), 4);
        return ObjectFile.Find(ElfWriter.Write(new ElfObject { Sections = [code, types], Symbols = [ElfSymbol.GlobalFunction("print", code, 0, 16)] }), "x.o", null, null);
    }

    private static BtfTypeId AddMap(BtfBuilder builder, string name, BtfTypeId number, string member, uint value)
    {
        var pointer = builder.Add(new BtfPtr(builder.Add(new BtfArray(number, number, value))));
        return builder.Add(new BtfVar(name, builder.Add(new BtfStruct("", 8, [new BtfMember(member, pointer, 0)])), BtfLinkage.Global));
    }

    private static byte[] ObjectOf(ElfSection section)
    {
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise("print").Btf.Encode(), 4);
        return ElfWriter.Write(new ElfObject { Sections = [section, types], Symbols = [ElfSymbol.GlobalFunction("print", section, 0, 16)] });
    }
}
