using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Components;

/// <summary>Finds a component program in an ELF object, without loading anything.</summary>
internal static class ObjectFile
{
    private const int InstructionSize = BytecodeSource.InstructionSize;

    /// <summary>Picks one program and reads its run config.</summary>
    public static ComponentProgram Find(ReadOnlyMemory<byte> bytes, string objectName, string? functionName, string? sectionName)
    {
        var label = Printable.Escape(objectName);
        try
        {
            var (elf, types) = BpfObjectFile.Parse(bytes, objectName);
            RefuseOtherByteOrder(elf, label);
            var programs = ProgramsIn(elf);
            var symbol = Pick(elf, programs, label, functionName, sectionName);
            var btf = types ?? throw new ComponentException($"'{label}' has no BTF, which every component program needs; {BpfObjectFile.HowToCompile}.");
            if (btf.Find(BtfKind.DataSec, DispatcherMarker.Section) is not null)
                throw new ComponentException($"'{label}' is a dispatcher, which holds the programs of a chain and is made anew for each; load the programs themselves.");
            ProgramArrays.RefuseFilled(elf, label);
            var config = RunConfigReader.Read(btf, symbol.Name);
            return new ComponentProgram(symbol.Name, (int)(symbol.Size / InstructionSize))
            {
                Priority = config?.Priority ?? DispatcherLimits.DefaultPriority,
                Actions = config?.Actions ?? ChainCallActions.Default,
                Flags = SectionNames.IsFrags(symbol.Section!.Name) ? ProgramFlags.Frags : ProgramFlags.None,
                OtherPrograms = functionName is null && sectionName is null
                    ? [.. programs.Where(program => program != symbol && SectionNames.IsXdp(program.Section!.Name)).Select(program => program.Name)]
                    : [],
                HasRunConfig = config is not null,
                StrayRunConfigs = RunConfigReader.FindStray(elf, btf),
                MakesTailCalls = ProgramArrays.AreUsedBy(elf, symbol),
                MapsToPin = MapPins.AskedFor(btf),
                HasUseForPinFolder = MapPins.AreThere(btf),
                Elf = new ElfSource(bytes, objectName),
            };
        }
        catch (MalformedObjectException malformed)
        {
            throw BpfObjectFile.Unusable(objectName, malformed);
        }
    }

    private static void RefuseOtherByteOrder(ElfObject elf, string label)
    {
        if (elf.IsBigEndian == BitConverter.IsLittleEndian)
            throw new ComponentException($"'{label}' is BPF of the other byte order; compile it with clang -target {(BitConverter.IsLittleEndian ? "bpfel" : "bpfeb")}.");
    }

    // libbpf's programs: functions in executable sections that have contents, in the order of sections and of places in them.
    private static List<ElfSymbol> ProgramsIn(ElfObject elf)
    {
        var places = elf.Sections.Index().ToDictionary<(int Index, ElfSection Item), ElfSection, int>(
            section => section.Item, section => section.Index, ReferenceEqualityComparer.Instance);
        return
        [
            .. elf.Symbols
                .Where(symbol => symbol.Type == ElfSymbolType.Function
                    && symbol.Section is { Name: not ".text", Type: ElfSectionType.ProgBits } section
                    && section.Flags.HasFlag(ElfSectionFlags.Executable)
                    && symbol.Binding != ElfSymbolBinding.Local)
                .OrderBy(symbol => places[symbol.Section!])
                .ThenBy(symbol => symbol.Value),
        ];
    }

    private static ElfSymbol Pick(ElfObject elf, List<ElfSymbol> programs, string label, string? functionName, string? sectionName)
    {
        var candidates = functionName is null && sectionName is null
            ? programs.Where(symbol => SectionNames.IsXdp(symbol.Section!.Name))
            : programs.Where(symbol => (functionName is null || symbol.Name == functionName)
                && (sectionName is null || symbol.Section!.Name == sectionName));
        var chosen = candidates.FirstOrDefault() ?? throw NothingFound(elf, programs, label, functionName, sectionName);
        var section = chosen.Section!.Name;
        if (SectionNames.IsOfAnotherType(section))
        {
            var others = programs.Where(symbol => SectionNames.IsXdp(symbol.Section!.Name)).Select(symbol => $"'{Printable.Escape(symbol.Name)}'").ToList();
            throw new ComponentException(
                $"'{Printable.Escape(chosen.Name)}' of '{label}' is no XDP program: it is in section '{Printable.Escape(section)}', which is for another type. "
                + (others.Count > 0 ? $"XDP programs in it: {string.Join(", ", others)}." : "A component is in a section 'xdp' or 'xdp.frags'."));
        }

        return chosen;
    }

    private static NotFoundException NothingFound(ElfObject elf, List<ElfSymbol> programs, string label, string? functionName, string? sectionName)
    {
        var wanted = (functionName, sectionName) switch
        {
            ({ } name, { } section) => $"no program '{Printable.Escape(name)}' in section '{Printable.Escape(section)}'",
            ({ } name, null) => $"no program '{Printable.Escape(name)}'",
            (null, { } section) => $"no program in a section '{Printable.Escape(section)}'",
            _ => "no XDP program (a function with SEC(\"xdp\") or SEC(\"xdp.frags\"))",
        };
        var locals = elf.Symbols.Where(symbol => symbol is { Type: ElfSymbolType.Function, Binding: ElfSymbolBinding.Local, Section: { } section }
            && SectionNames.IsXdp(section.Name) && (functionName is null || symbol.Name == functionName) && (sectionName is null || section.Name == sectionName)).ToList();
        var held = locals.Count > 0
            ? $"It holds {string.Join(", ", locals.Select(symbol => $"'{Printable.Escape(symbol.Name)}'"))}, which {(locals.Count == 1 ? "is" : "are")} static; a component is a global function: leave 'static' out."
            : programs.Count == 0
            ? "It holds no program at all."
            : "It holds " + string.Join(", ", programs.Select(p => $"'{Printable.Escape(p.Name)}' in section '{Printable.Escape(p.Section!.Name)}'")) + ".";
        return new NotFoundException($"'{label}' has {wanted}. {held}");
    }
}
