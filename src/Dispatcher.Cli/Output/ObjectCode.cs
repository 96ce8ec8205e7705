using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Elf;

namespace Dispatcher.Cli.Output;

/// <summary>The code of an object file as programs with names in place of relocations.</summary>
/// <param name="elf">The object.</param>
internal sealed class ObjectCode(ElfObject elf)
{
    private const int InstructionSize = 8;
    private const string MapSection = ".maps";

    private readonly ILookup<ElfSection?, ElfSymbol> _functions =
        elf.Symbols.Where(symbol => symbol.Type == ElfSymbolType.Function).ToLookup(symbol => symbol.Section);

    private readonly Dictionary<(ElfSection Section, ulong Value), string> _names = NamesOf(elf);

    /// <summary>The program of one executable section.</summary>
    /// <param name="section">One of the object's executable sections.</param>
    /// <exception cref="Compiler.MalformedObjectException">Not whole instructions.</exception>
    public BpfProgram Read(ElfSection section)
    {
        var instructions = BpfEncoding.Decode(section.Data.Span, elf.IsBigEndian);
        var functions = FunctionsOf(section, instructions.Length);
        var names = functions.ToDictionary(function => (long)function.Start, function => function.Name);
        var calls = new SortedDictionary<int, string>();
        var maps = new SortedDictionary<int, BpfMapReference>();
        for (var i = 0; i < instructions.Length; i++)
        {
            if (instructions[i].IsFunctionCall && names.TryGetValue(i + 1L + instructions[i].Immediate, out var name))
                calls[i] = name;
        }

        foreach (var relocation in elf.RelocationsOf(section))
        {
            if (relocation.Offset / InstructionSize >= (ulong)instructions.Length || relocation.Symbol is not { } symbol)
                continue;
            var index = (int)(relocation.Offset / InstructionSize);
            if (relocation.Type == BpfRelocationTypes.Call32)
                calls[index] = CalledName(symbol, instructions[index].Immediate);
            else if (relocation.Type == BpfRelocationTypes.LoadImmediate64 && instructions[index].IsWide)
                maps[index] = MapAt(index, symbol, instructions[index].Immediate);
        }

        return new BpfProgram(
            instructions,
            functions,
            LabelsOf(instructions),
            [.. calls.Select(c => new BpfCallReference(c.Key, Printable.Escape(c.Value)))],
            [.. maps.Values]);
    }

    private static Dictionary<(ElfSection Section, ulong Value), string> NamesOf(ElfObject elf)
    {
        var names = new Dictionary<(ElfSection Section, ulong Value), string>();
        foreach (var symbol in elf.Symbols)
        {
            if (symbol is { Type: ElfSymbolType.Function, Section: { } section })
                names.TryAdd((section, symbol.Value), symbol.Name);
        }

        return names;
    }

    private ImmutableArray<BpfFunction> FunctionsOf(ElfSection section, int count)
    {
        var starts = new SortedDictionary<int, string>();
        foreach (var symbol in _functions[section])
        {
            if (symbol.Value / InstructionSize < (ulong)count)
                starts.TryAdd((int)(symbol.Value / InstructionSize), Printable.Escape(symbol.Name));
        }

        if (count > 0)
            starts.TryAdd(0, Printable.Escape(section.Name));
        var ordered = starts.ToArray();
        return
        [
            .. ordered.Select((f, k) => new BpfFunction(f.Value, f.Key, (k + 1 < ordered.Length ? ordered[k + 1].Key : count) - f.Key)),
        ];
    }

    private static ImmutableArray<BpfLabel> LabelsOf(ImmutableArray<BpfInstruction> instructions)
    {
        var targets = new SortedSet<int>();
        for (var i = 0; i < instructions.Length; i++)
        {
            if (instructions[i].IsWide)
                i++;
            else if (instructions[i].IsJump && i + 1 + instructions[i].Offset is var target && target >= 0 && target < instructions.Length)
                targets.Add(target);
        }

        return [.. targets.Select(t => new BpfLabel(string.Create(CultureInfo.InvariantCulture, $"L{t}"), t))];
    }

    // A call of a static function names its section; the immediate holds the distance in it, less one.
    private string CalledName(ElfSymbol symbol, int immediate)
    {
        if (symbol.Type != ElfSymbolType.Section)
            return symbol.Name;
        var offset = (immediate + 1L) * InstructionSize;
        return symbol.Section is { } section && _names.TryGetValue((section, (ulong)offset), out var name)
            ? name
            : string.Create(CultureInfo.InvariantCulture, $"{symbol}+{offset}");
    }

    private static BpfMapReference MapAt(int index, ElfSymbol symbol, int immediate)
    {
        if (symbol.Section is not { } section || section.Name == MapSection)
            return new BpfMapReference(index, Printable.Escape(symbol.Name), false, 0);
        return new BpfMapReference(index, Printable.Escape(section.Name), true, unchecked((uint)symbol.Value + (uint)immediate));
    }
}
