using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;

namespace Dispatcher.Fuzzing.Seeds;

/// <summary>Objects that are well formed and very large in one respect.</summary>
internal static class LargeObjects
{
    private const int SectionCount = 50_000;
    private const int FunctionCount = 20_000;
    private const int MemberCount = 3_000;
    private static readonly string LongName = new('\u0001', 1000);
    private static readonly byte[] Exit = BpfEncoding.Encode([new BpfInstruction(0xb7, 0, 0, 0, 2), new BpfInstruction(0x95, 0, 0, 0, 0)]);

    /// <summary>As many sections as an object can have, nearly, each with a program.</summary>
    public static byte[] ManySections()
    {
        var sections = Enumerable.Range(0, SectionCount).Select(i => new ElfSection($"xdp/{i}", ElfSectionType.ProgBits, ElfSectionFlags.Executable, Exit, 8)).ToList();
        return ElfWriter.Write(new ElfObject
        {
            Sections = [.. sections, Types()],
            Symbols = [.. sections.Select((section, i) => ElfSymbol.GlobalFunction($"p{i}", section, 0, (ulong)Exit.Length))],
        });
    }

    /// <summary>One section of many functions that jump, call each other and name maps.</summary>
    public static byte[] ManyFunctions()
    {
        BpfInstruction[] body = [new(0x05, 0, 0, 0, 0), new(0x85, 0, 1, 0, 1), new(0x18, 1, 0, 0, 0), default, new(0x95, 0, 0, 0, 0)];
        var size = (ulong)(body.Length * BpfInstruction.Size);
        var code = BpfEncoding.Encode([.. Enumerable.Repeat(body, FunctionCount).SelectMany(function => function)]);
        var section = new ElfSection("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Executable, code, 8);
        var maps = ElfSymbol.Outside("a_map", ElfSymbolPlace.Undefined);
        var itself = new ElfSymbol("", section, 0, 0, ElfSymbolType.Section, ElfSymbolBinding.Local);
        ElfRelocation[] RelocationsOf(ulong start) =>
            [new(start + 8, itself, BpfRelocationTypes.Call32), new(start + 16, maps, BpfRelocationTypes.LoadImmediate64)];
        return ElfWriter.Write(new ElfObject
        {
            Sections = [section, Types()],
            Symbols = [itself, .. Enumerable.Range(0, FunctionCount).Select(i => ElfSymbol.GlobalFunction($"f{i}", section, (ulong)i * size, size)), maps],
            Relocations = [new ElfRelocationTable(section, [.. Enumerable.Range(0, FunctionCount).SelectMany(i => RelocationsOf((ulong)i * size))])],
        });
    }

    /// <summary>Symbols of one section whose name is as long as can be, and longer as text.</summary>
    public static byte[] LongSectionName()
    {
        var section = new ElfSection(LongName, ElfSectionType.ProgBits, ElfSectionFlags.Executable, Exit, 8);
        return ElfWriter.Write(new ElfObject
        {
            Sections = [section, Types()],
            Symbols = [.. Enumerable.Range(0, MemberCount).Select(i => ElfSymbol.GlobalFunction($"{i}", section, 0, (ulong)Exit.Length))],
        });
    }

    /// <summary>A BTF: members that all have one name, which is long, and longer as text.</summary>
    public static byte[] LongMemberName()
    {
        var builder = new BtfBuilder();
        var number = builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        builder.Add(new BtfStruct("s", 4, [.. Enumerable.Repeat(new BtfMember(LongName, number, 0), MemberCount)]));
        return builder.Build().Encode();
    }

    /// <summary>An object with a program whose name ends in half a character wherever it is cut at an even place.</summary>
    public static byte[] CutName()
    {
        var name = "a" + string.Concat(Enumerable.Repeat("\U0001f600", 200));
        var section = new ElfSection("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Executable, Exit, 8);
        var types = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise(name + name + name).Btf.Encode(), 4);
        return ElfWriter.Write(new ElfObject { Sections = [section, types], Symbols = [ElfSymbol.GlobalFunction(name, section, 0, (ulong)Exit.Length)] });
    }

    private static ElfSection Types() => new(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise("p0").Btf.Encode(), 4);
}
