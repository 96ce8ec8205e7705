using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
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

    private static byte[] ObjectOf(ElfSection section)
    {
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise("print").Btf.Encode(), 4);
        return ElfWriter.Write(new ElfObject { Sections = [section, types], Symbols = [ElfSymbol.GlobalFunction("print", section, 0, 16)] });
    }
}
