using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime;

/// <summary>A component program that is not in the kernel yet: which code, when it runs, and after which verdicts the chain goes on.</summary>
public sealed record ComponentProgram
{
    internal ComponentProgram(string name, int instructionCount)
    {
        Name = name;
        InstructionCount = instructionCount;
    }

    /// <summary>Function name.</summary>
    public string Name { get; }

    /// <summary>Instructions of 8 bytes before translation.</summary>
    public int InstructionCount { get; }

    /// <summary>Run priority; lower runs earlier. From the run config of the object, else 50.</summary>
    public uint Priority { get; init; } = DispatcherLimits.DefaultPriority;

    /// <summary>Verdicts after which the next slot runs. From the run config of the object, else XDP_PASS.</summary>
    public ChainCallActions Actions { get; init; } = ChainCallActions.Default;

    /// <summary>
    /// What it supports, from its section name (<c>xdp.frags</c>), and whether it is bound to the device of the interface, so that
    /// it may ask the driver for metadata of packets; then all of its chain must be.
    /// </summary>
    public ProgramFlags Flags { get; init; }

    /// <summary>
    /// Called with the maps of the program when the kernel has taken it and before any packet meets it, so that it begins with what is in them; null:
    /// maps begin empty. A replace calls it with the maps that begin anew, if there are any. What it throws ends the change, and nothing is changed.
    /// With <see cref="PresentProgram.Keep"/> it is called for a program that joins only, and under the lock: then it must not change a chain.
    /// </summary>
    public Action<IReadOnlyList<ProgramMap>>? FillMaps { get; init; }

    /// <summary>Function names of the other XDP programs in its object, which are not loaded with it; empty when this one was asked for by name or section.</summary>
    public ImmutableArray<string> OtherPrograms { get; init; } = [];

    /// <summary>Functions that its object has run configs for, and does not hold: misspelt, most likely.</summary>
    internal ImmutableArray<string> StrayRunConfigs { get; init; } = [];

    /// <summary>Whether its object says priority and actions for it.</summary>
    internal bool HasRunConfig { get; init; }

    /// <summary>Whether it, or a function it may call, makes tail calls (helper 12).</summary>
    internal bool MakesTailCalls { get; init; }

    /// <summary>Maps of its object that ask to be pinned by name.</summary>
    internal ImmutableArray<string> MapsToPin { get; init; } = [];

    /// <summary>Whether a map of its object is pinned where a folder is named.</summary>
    internal bool HasUseForPinFolder { get; init; }

    /// <summary>The object it is in; null: it is raw instructions.</summary>
    internal ElfSource? Elf { get; init; }

    /// <summary>The raw instructions; null: it is in an object.</summary>
    internal BytecodeSource? Bytecode { get; init; }

    /// <summary>As planning sees it before the kernel has it: what only the kernel knows is 0.</summary>
    internal PlannedComponent ToPlanned() => new(default, Name, default, 0, IsInChain: false, InstructionCount, new Slot(Priority, Actions, Flags));

    /// <summary>Takes a program out of an ELF object that clang made; see <see cref="BpfObjectFile.Read"/>.</summary>
    /// <param name="path">Path of the object file.</param>
    /// <param name="functionName">Which program; null: by section, else the first one.</param>
    /// <param name="sectionName">Section of the program; null: any.</param>
    /// <exception cref="NotFoundException">No such file, no XDP program in it, or none of this name.</exception>
    /// <exception cref="ComponentException">Not an ELF object, one of another machine, or run config that breaks the rules.</exception>
    public static ComponentProgram FromElfFile(string path, string? functionName = null, string? sectionName = null) =>
        ObjectFile.Find(BpfObjectFile.Read(path), path, functionName, sectionName);

    /// <summary>Takes a program out of an ELF object in memory; see <see cref="FromElfFile"/>.</summary>
    public static ComponentProgram FromElf(
        ReadOnlyMemory<byte> elf, string objectName, string? functionName = null, string? sectionName = null) =>
        ObjectFile.Find(elf.ToArray(), objectName, functionName, sectionName);

    /// <summary>Takes raw instructions; BTF is made for them, so that they can join a chain.</summary>
    /// <param name="functionName">A C identifier.</param>
    /// <param name="instructions">Host byte order, 8 bytes each; no maps, no calls between functions.</param>
    /// <param name="license">For example <c>GPL</c>.</param>
    /// <exception cref="ArgumentException">Not a C identifier, or not a whole number of instructions.</exception>
    public static ComponentProgram FromBytecode(string functionName, ReadOnlyMemory<byte> instructions, string license = "GPL")
    {
        ArgumentException.ThrowIfNullOrEmpty(functionName);
        ArgumentException.ThrowIfNullOrEmpty(license);
        if (!char.IsAsciiLetter(functionName[0]) && functionName[0] != '_' || !functionName.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"'{Printable.Escape(functionName)}' is not a C identifier.", nameof(functionName));
        if (instructions.Length == 0 || instructions.Length % BytecodeSource.InstructionSize != 0)
            throw new ArgumentException($"{instructions.Length} bytes are not a whole number of instructions of 8 bytes.", nameof(instructions));
        return new ComponentProgram(functionName, instructions.Length / BytecodeSource.InstructionSize)
        {
            Bytecode = new BytecodeSource(instructions, license),
        };
    }
}
