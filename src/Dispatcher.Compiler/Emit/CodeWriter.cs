using System.Collections.Immutable;
using Dispatcher.Compiler.Bpf;

namespace Dispatcher.Compiler.Emit;

/// <summary>From here on, instructions come from this line of the twin.</summary>
internal readonly record struct LineNote(int Index, TwinLine Line);

/// <summary>A program with the lines that its instructions come from.</summary>
internal sealed record WrittenCode(BpfProgram Program, ImmutableArray<LineNote> Lines);

/// <summary>An assembler that remembers which line of the twin it is at.</summary>
internal sealed class CodeWriter
{
    private readonly List<LineNote> _lines = [];

    /// <summary>Where instructions go.</summary>
    public BpfAssembler Code { get; } = new();

    /// <summary>Instructions that follow come from this line; returns the assembler to go on.</summary>
    public BpfAssembler At(TwinLine line)
    {
        if (_lines.Count > 0 && _lines[^1].Index == Code.Count)
            _lines[^1] = new LineNote(Code.Count, line);
        else if (_lines.Count == 0 || _lines[^1].Line != line)
            _lines.Add(new LineNote(Code.Count, line));
        return Code;
    }

    /// <summary>Starts a function that comes from this line; every function starts with a line of its own.</summary>
    public BpfAssembler Function(string name, TwinLine line)
    {
        Code.Function(name);
        _lines.Add(new LineNote(Code.Count, line));
        return Code;
    }

    /// <summary>The program and its lines.</summary>
    public WrittenCode Finish() => new(Code.Assemble(), [.. _lines.Where(l => l.Index < Code.Count)]);
}
