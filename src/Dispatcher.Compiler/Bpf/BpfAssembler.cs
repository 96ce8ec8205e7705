using System.Collections.Immutable;

namespace Dispatcher.Compiler.Bpf;

/// <summary>Writes functions with labels, calls by name and maps by name, then resolves the distances or refuses.</summary>
/// <remarks>
/// The machine of kernel 5.1 and later, JMP32 included. Labels are known within their function only. What is resolved
/// cannot fall off the end of a function. Not safe for use by two threads.
/// </remarks>
public sealed partial class BpfAssembler
{
    private readonly ImmutableArray<BpfInstruction>.Builder _instructions = ImmutableArray.CreateBuilder<BpfInstruction>(128);
    private readonly List<(string Name, int Start)> _functions = [];
    private readonly List<(int Function, BpfLabel Label)> _labels = [];
    private readonly List<(int Function, int Index, string Label)> _jumps = [];
    private readonly ImmutableArray<BpfCallReference>.Builder _calls = ImmutableArray.CreateBuilder<BpfCallReference>();
    private readonly ImmutableArray<BpfMapReference>.Builder _maps = ImmutableArray.CreateBuilder<BpfMapReference>();

    /// <summary>Instructions written so far, which is the index of the next one.</summary>
    public int Count => _instructions.Count;

    /// <summary>Starts a function; the one before it ends here.</summary>
    /// <param name="name">Unique within the program.</param>
    /// <exception cref="ArgumentException">A function of this name exists.</exception>
    public BpfAssembler Function(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var function in _functions)
        {
            if (function.Name == name)
                throw new ArgumentException($"Function {name} is written already.", nameof(name));
        }

        _functions.Add((name, Count));
        return this;
    }

    /// <summary>Names the place before the next instruction.</summary>
    /// <param name="name">Unique within the function.</param>
    /// <exception cref="ArgumentException">The function has a label of this name.</exception>
    public BpfAssembler Label(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (TryFindLabel(CurrentFunction, name, out _))
            throw new ArgumentException($"Label {name} is set already in {_functions[^1].Name}.", nameof(name));
        _labels.Add((CurrentFunction, new BpfLabel(name, Count)));
        return this;
    }

    /// <summary>Resolves jumps and calls.</summary>
    /// <exception cref="InvalidOperationException">
    /// An unknown label or function, a jump beyond 16 bits, a function that is empty or that runs past its end.
    /// </exception>
    public BpfProgram Assemble()
    {
        var functions = ImmutableArray.CreateBuilder<BpfFunction>(_functions.Count);
        for (var i = 0; i < _functions.Count; i++)
        {
            var end = i + 1 < _functions.Count ? _functions[i + 1].Start : Count;
            functions.Add(new BpfFunction(_functions[i].Name, _functions[i].Start, end - _functions[i].Start));
            RequireProperEnd(functions[i]);
        }

        var instructions = ImmutableArray.CreateBuilder<BpfInstruction>(Count);
        instructions.AddRange(_instructions);
        foreach (var (function, index, label) in _jumps)
            instructions[index] = instructions[index] with { Offset = JumpDistance(functions[function], function, index, label) };
        foreach (var call in _calls)
            instructions[call.Index] = instructions[call.Index] with { Immediate = StartOf(call.Function) - call.Index - 1 };

        return new BpfProgram(
            instructions.MoveToImmutable(), functions.MoveToImmutable(), [.. _labels.Select(l => l.Label)], _calls.ToImmutable(), _maps.ToImmutable());
    }

    private int CurrentFunction =>
        _functions.Count > 0 ? _functions.Count - 1 : throw new InvalidOperationException("Start a function before its first instruction or label.");

    private void RequireProperEnd(BpfFunction function)
    {
        if (function.Count == 0)
            throw new InvalidOperationException($"Function {function.Name} has no instructions.");
        var end = function.Start + function.Count;
        var last = _instructions[end - 1];
        var isSecondHalf = function.Count > 1 && _instructions[end - 2].IsWide;
        if (isSecondHalf || !(last.IsExit || last.IsUnconditionalJump))
            throw new InvalidOperationException($"Function {function.Name} runs past its end: the last instruction is neither exit nor jump.");
    }

    private short JumpDistance(BpfFunction function, int functionIndex, int index, string label)
    {
        if (!TryFindLabel(functionIndex, label, out var target))
            throw new InvalidOperationException($"Function {function.Name} has no label {label}.");
        if (target >= function.Start + function.Count)
            throw new InvalidOperationException($"Label {label} of {function.Name} stands behind its last instruction.");
        var distance = target - index - 1;
        return distance is >= short.MinValue and <= short.MaxValue
            ? (short)distance
            : throw new InvalidOperationException($"Label {label} of {function.Name} is {distance} instructions away; a jump reaches {short.MinValue} to {short.MaxValue}.");
    }

    private bool TryFindLabel(int function, string name, out int index)
    {
        for (var i = _labels.Count - 1; i >= 0 && _labels[i].Function >= function; i--)
        {
            if (_labels[i].Function == function && _labels[i].Label.Name == name)
            {
                index = _labels[i].Label.Index;
                return true;
            }
        }

        index = -1;
        return false;
    }

    private int StartOf(string name)
    {
        foreach (var function in _functions)
        {
            if (function.Name == name)
                return function.Start;
        }

        throw new InvalidOperationException($"No function {name} to call.");
    }
}
