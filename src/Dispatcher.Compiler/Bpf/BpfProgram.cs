using System.Collections.Immutable;

namespace Dispatcher.Compiler.Bpf;

/// <summary>One function of a program.</summary>
/// <param name="Name">Unique within the program.</param>
/// <param name="Start">Index of its first instruction.</param>
/// <param name="Count">Its instructions.</param>
public readonly record struct BpfFunction(string Name, int Start, int Count);

/// <summary>A named place that jumps go to.</summary>
/// <param name="Name">Unique within its function.</param>
/// <param name="Index">Index of the instruction that it stands before.</param>
public readonly record struct BpfLabel(string Name, int Index);

/// <summary>A call of one function of the program by another; resolved, and kept by name for an ELF relocation.</summary>
/// <param name="Index">Index of the call.</param>
/// <param name="Function">The function called.</param>
public readonly record struct BpfCallReference(int Index, string Function);

/// <summary>A 64-bit load of a map or of a place in its value; the loader puts the map's fd into the immediate.</summary>
/// <param name="Index">Index of the first half of the load.</param>
/// <param name="Map">Name of the map.</param>
/// <param name="IsValue">True for an address in the value of entry 0, false for the map itself.</param>
/// <param name="ValueOffset">Bytes from the start of the value; 0 for the map itself.</param>
public readonly record struct BpfMapReference(int Index, string Map, bool IsValue, uint ValueOffset);

/// <summary>Functions one after another, jumps and calls resolved, maps by name.</summary>
/// <param name="Instructions">All instructions; the first function comes first.</param>
/// <param name="Functions">In order of start, without gaps.</param>
/// <param name="Labels">In order of index.</param>
/// <param name="Calls">Calls between functions, in order of index.</param>
/// <param name="Maps">Map references, in order of index.</param>
public sealed record BpfProgram(
    ImmutableArray<BpfInstruction> Instructions,
    ImmutableArray<BpfFunction> Functions,
    ImmutableArray<BpfLabel> Labels,
    ImmutableArray<BpfCallReference> Calls,
    ImmutableArray<BpfMapReference> Maps)
{
    /// <summary>The program of bare instructions: jump targets become labels <c>L&lt;index&gt;</c>, call targets without a name become functions <c>F&lt;index&gt;</c>.</summary>
    /// <param name="instructions">Whole functions, resolved.</param>
    /// <param name="functions">The functions that have names, in order of start; may be empty.</param>
    public static BpfProgram FromInstructions(ImmutableArray<BpfInstruction> instructions, ImmutableArray<BpfFunction> functions)
    {
        var names = functions.ToDictionary(f => f.Start, f => f.Name);
        var starts = new SortedSet<int>(names.Keys);
        if (instructions.Length > 0)
            starts.Add(0);
        var targets = new SortedSet<int>();
        var calls = ImmutableArray.CreateBuilder<BpfCallReference>();
        for (var i = 0; i < instructions.Length; i++)
        {
            if (instructions[i].IsWide)
                i++;
            else if (instructions[i].IsJump)
                targets.Add(i + 1 + instructions[i].Offset);
            else if (instructions[i].IsFunctionCall && IsWithin((long)i + 1 + instructions[i].Immediate, instructions.Length))
                starts.Add(i + 1 + instructions[i].Immediate);
        }

        for (var i = 0; i < instructions.Length; i++)
        {
            if (instructions[i].IsFunctionCall && IsWithin((long)i + 1 + instructions[i].Immediate, instructions.Length))
                calls.Add(new BpfCallReference(i, NameOf(i + 1 + instructions[i].Immediate)));
        }

        var ordered = starts.ToArray();
        return new BpfProgram(
            instructions,
            [.. ordered.Select((start, k) => new BpfFunction(NameOf(start), start, (k + 1 < ordered.Length ? ordered[k + 1] : instructions.Length) - start))],
            [.. targets.Where(t => IsWithin(t, instructions.Length)).Select(t => new BpfLabel($"L{t}", t))],
            calls.ToImmutable(),
            []);

        string NameOf(int start) => names.TryGetValue(start, out var name) ? name : $"F{start}";
    }

    private static bool IsWithin(long index, int count) => index >= 0 && index < count;
}
