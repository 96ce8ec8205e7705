using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Components;

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
        var note = Assert.Single(ObjectNotes.Of([first]));
        Assert.Equal((ChangeNoteKind.OtherPrograms, "x.o holds second too; first is the first, and a name (-n) chooses another"), (note.Kind, note.Message));
        Assert.Empty(ObjectFile.Find(both, "x.o", "first", null).OtherPrograms);
        Assert.Empty(ObjectNotes.Of([ObjectFile.Find(both, "x.o", null, "xdp")]));
    }

    [Fact]
    public void A_dispatcher_is_no_component()
    {
        var dispatcher = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [new Slot(50, ChainCallActions.Default)])).WriteElf();
        var refused = Assert.Throws<ComponentException>(() => ObjectFile.Find(dispatcher, "d.o", null, null));
        Assert.StartsWith("'d.o' is a dispatcher, which holds the programs of a chain", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] ObjectOf(ElfSection section)
    {
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise("print").Btf.Encode(), 4);
        return ElfWriter.Write(new ElfObject { Sections = [section, types], Symbols = [ElfSymbol.GlobalFunction("print", section, 0, 16)] });
    }
}
