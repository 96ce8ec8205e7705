using System.Collections.Immutable;
using System.Text;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;

namespace Dispatcher.Compiler.Emit;

/// <summary>Puts a dispatcher into an ELF object in the layout that clang gives the C twin.</summary>
/// <remarks>
/// <code>
/// .text         the stubs, one symbol each          xdp           xdp_dispatcher, xdp_pass; calls and .rodata by relocation
/// .rodata       conf                                license, xdp_metadata
/// .BTF          types                               .BTF.ext      func and line info per section
/// </code>
/// </remarks>
internal static class DispatcherElf
{
    /// <summary>The section of the stubs.</summary>
    public const string TextSection = ".text";

    private const ElfSectionFlags Code = ElfSectionFlags.Alloc | ElfSectionFlags.Executable;
    private const ElfSectionFlags Data = ElfSectionFlags.Alloc | ElfSectionFlags.Write;

    /// <summary>The bytes of the object.</summary>
    public static byte[] Write(DispatcherObject dispatcher, DispatcherCode code, BtfExt ext, bool bigEndian)
    {
        var program = code.Main.Program;
        var entry = program.Functions[0];
        var text = Section(TextSection, Code, BpfEncoding.Encode(program.Instructions.AsSpan()[entry.Count..], bigEndian), 8);
        var xdp = Section(DispatcherSource.SectionName(dispatcher.Spec), Code, BpfEncoding.Encode(ProgramInstructions(code), bigEndian), 8);
        var config = Section(DispatcherNames.ConfigSection, ElfSectionFlags.Alloc, dispatcher.ConfigBytes(bigEndian), 4);
        var license = Section("license", Data, Encoding.ASCII.GetBytes(DispatcherNames.License + '\0'), 1);
        var marker = Section(DispatcherMarker.Section, Data, new byte[8], 8);
        var configSection = ElfSymbol.OfSection(config);
        ImmutableArray<ElfSymbol> stubs =
        [
            .. program.Functions.Skip(1).Select(f => ElfSymbol.GlobalFunction(f.Name, text, Bytes(f.Start - entry.Count), Bytes(f.Count))),
        ];

        var symbols = ImmutableArray.CreateBuilder<ElfSymbol>();
        symbols.Add(ElfSymbol.Outside(DispatcherSource.FileName, ElfSymbolPlace.Absolute, ElfSymbolType.File, ElfSymbolBinding.Local));
        symbols.Add(ElfSymbol.OfSection(text));
        symbols.Add(ElfSymbol.OfSection(xdp));
        symbols.Add(configSection);
        symbols.Add(new ElfSymbol(DispatcherNames.Config, config, 0, (ulong)config.Size, ElfSymbolType.Object, ElfSymbolBinding.Local));
        symbols.AddRange(stubs);
        symbols.Add(ElfSymbol.GlobalFunction(DispatcherNames.Entry, xdp, 0, Bytes(entry.Count)));
        if (code.PassProgram is { } pass)
            symbols.Add(ElfSymbol.GlobalFunction(DispatcherNames.PassProgram, xdp, Bytes(entry.Count), Bytes(pass.Program.Instructions.Length)));
        symbols.Add(ElfSymbol.GlobalObject("_license", license, 0, (ulong)license.Size));
        symbols.Add(ElfSymbol.GlobalObject(DispatcherMarker.Variable, marker, 0, (ulong)marker.Size));

        return ElfWriter.Write(new ElfObject
        {
            IsBigEndian = bigEndian,
            Sections =
            [
                text, xdp, config, license, marker,
                Section(".BTF", ElfSectionFlags.None, dispatcher.Btf.Encode(bigEndian), 4),
                Section(".BTF.ext", ElfSectionFlags.None, ext.Encode(bigEndian), 4),
            ],
            Symbols = symbols.ToImmutable(),
            Relocations = [new ElfRelocationTable(xdp, Relocations(program, stubs, configSection))],
        });
    }

    // In an object a call and a load of a map say nothing but what the relocation adds to: -1 and the offset in .rodata.
    private static BpfInstruction[] ProgramInstructions(DispatcherCode code)
    {
        var program = code.Main.Program;
        BpfInstruction[] instructions =
        [
            .. program.Instructions.AsSpan()[..program.Functions[0].Count],
            .. code.PassProgram is { } pass ? pass.Program.Instructions : [],
        ];
        foreach (var call in program.Calls)
            instructions[call.Index] = instructions[call.Index] with { Immediate = -1 };
        foreach (var map in program.Maps)
        {
            instructions[map.Index] = instructions[map.Index] with { Source = 0, Immediate = (int)map.ValueOffset };
            instructions[map.Index + 1] = default;
        }

        return instructions;
    }

    private static ImmutableArray<ElfRelocation> Relocations(BpfProgram program, ImmutableArray<ElfSymbol> stubs, ElfSymbol config)
    {
        var relocations = ImmutableArray.CreateBuilder<ElfRelocation>();
        foreach (var call in program.Calls)
            relocations.Add(new ElfRelocation(Bytes(call.Index), stubs.First(s => s.Name == call.Function), BpfRelocationTypes.Call32));
        foreach (var map in program.Maps)
            relocations.Add(new ElfRelocation(Bytes(map.Index), config, BpfRelocationTypes.LoadImmediate64));
        relocations.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        return relocations.ToImmutable();
    }

    private static ElfSection Section(string name, ElfSectionFlags flags, byte[] data, ulong alignment) =>
        new(name, ElfSectionType.ProgBits, flags, data, alignment);

    private static ulong Bytes(int instructions) => (ulong)instructions * BpfInstruction.Size;
}
