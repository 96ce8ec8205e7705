using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;

namespace Dispatcher.Fuzzing.Seeds;

/// <summary>A small object with what compilers for BPF seldom write: tables with addends, links, absolute and common symbols, tail calls.</summary>
internal static class OddObject
{
    /// <summary>One program, its BTF and nothing else.</summary>
    public static byte[] WriteBare()
    {
        var code = BpfEncoding.Encode([new BpfInstruction(0xb7, 0, 0, 0, 2), new BpfInstruction(0x95, 0, 0, 0, 0)]);
        var program = new ElfSection("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, code, 8);
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise("print").Btf.Encode(), 4);
        return ElfWriter.Write(new ElfObject { Sections = [program, types], Symbols = [ElfSymbol.GlobalFunction("print", program, 0, (ulong)code.Length)] });
    }

    /// <summary>Several programs and a section of every sort.</summary>
    public static byte[] Write()
    {
        byte[] code = [.. BpfEncoding.Encode([new BpfInstruction(0x85, 0, 0, 0, 12), new BpfInstruction(0x95, 0, 0, 0, 0)])];
        var btf = BtfSeeds.EveryKind().Encode();
        var text = new ElfSection(".text", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, code, 8);
        var program = new ElfSection("xdp.frags/print", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, code, 8);
        var other = new ElfSection("xdp/devmap", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, code, 8);
        var zeros = new ElfSection(".bss", ElfSectionType.NoBits, ElfSectionFlags.Alloc | ElfSectionFlags.Write, default, 16) { Size = 40 };
        var links = new ElfSection(".links", ElfSectionType.Note, ElfSectionFlags.InfoLink | ElfSectionFlags.LinkOrder, new byte[4], 4)
        {
            Link = program,
            InfoSection = zeros,
        };
        var names = new ElfSection(".llvm_addrsig", ElfSectionType.LlvmAddressSignificance, ElfSectionFlags.Exclude, new byte[2]) { LinksSymbolTable = true };
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, btf, 4);
        var start = new ElfSymbol("print", program, 0, (ulong)code.Length, ElfSymbolType.Function, ElfSymbolBinding.Global);
        var hidden = new ElfSymbol("", text, 0, 0, ElfSymbolType.Section, ElfSymbolBinding.Local);
        return ElfWriter.Write(new ElfObject
        {
            Sections = [text, program, other, zeros, links, names, types],
            Symbols =
            [
                hidden,
                ElfSymbol.Outside("file.c", ElfSymbolPlace.Absolute, ElfSymbolType.File, ElfSymbolBinding.Local),
                start,
                new ElfSymbol("other", other, 0, (ulong)code.Length, ElfSymbolType.Function, ElfSymbolBinding.Weak),
                ElfSymbol.Outside("outside", ElfSymbolPlace.Undefined),
                ElfSymbol.Outside("shared", ElfSymbolPlace.Common, ElfSymbolType.Object, value: 8, size: 8),
            ],
            Relocations =
            [
                new ElfRelocationTable(program, [new ElfRelocation(0, hidden, 10, null)]),
                new ElfRelocationTable(text, [new ElfRelocation(0, start, 10, 5), new ElfRelocation(8, null, 1, -5)]) { HasAddends = true },
            ],
        });
    }
}
