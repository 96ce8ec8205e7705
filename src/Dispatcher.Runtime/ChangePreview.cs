using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Probing;

namespace Dispatcher.Runtime;

/// <summary>What a change would do to a chain as it is now. Nothing was changed.</summary>
/// <param name="Before">The hook as it is.</param>
/// <param name="After">The chain as it would be; null: the hook would be empty.</param>
/// <param name="Notes">What else the caller should know, in the order of the chain; mostly empty.</param>
public sealed record ChangePreview(HookStatus Before, PlannedChain? After, ImmutableArray<ChangeNote> Notes)
{
    /// <summary>The chain is as asked for already.</summary>
    public bool ChangesNothing { get; init; }

    /// <summary>For a log: the hook as it is, and the programs that would run.</summary>
    public override string ToString() => $"{Before}; "
        + (ChangesNothing ? "nothing would change" : $"would become {(After is { } after ? string.Join(", ", after.Programs.Select(program => Printable.Escape(program.Name))) : "empty")}");
}

/// <summary>A chain as a change would leave it.</summary>
/// <param name="Version">Protocol version.</param>
/// <param name="Mode">Attach mode; unspecified: the kernel chooses when it is attached.</param>
/// <param name="HasFrags">Whether it would take packets in several buffers; the kernel was asked.</param>
/// <param name="Programs">In running order.</param>
public sealed record PlannedChain(DispatcherVersion Version, AttachMode Mode, bool HasFrags, ImmutableArray<PlannedProgram> Programs)
{
    /// <summary>What becomes of a packet when a program returns a verdict.</summary>
    /// <param name="slot">Place of the program in the chain.</param>
    /// <param name="returned">What it returns.</param>
    /// <returns>The verdict of the whole chain; null: the next slot runs.</returns>
    public XdpAction? VerdictAfter(int slot, XdpAction returned) => PacketEnd.VerdictAfter(Programs[slot].Actions, slot, Programs.Length, returned);
}

/// <summary>A component in a chain as a change would leave it.</summary>
/// <param name="Slot">Place in the chain, from 0.</param>
/// <param name="Id">Program id; null: it would be loaded by the change.</param>
/// <param name="Name">Function name.</param>
/// <param name="Tag">Program tag.</param>
/// <param name="Priority">Run priority; lower runs earlier.</param>
/// <param name="Actions">Verdicts after which the next slot runs.</param>
public sealed record PlannedProgram(int Slot, ProgramId? Id, string Name, ProgramTag Tag, uint Priority, ChainCallActions Actions)
{
    /// <summary>Whether it takes packets in several buffers.</summary>
    public bool HasFrags { get; init; }

    /// <summary>Whether it is bound to the device.</summary>
    public bool IsDeviceBound { get; init; }

    /// <summary>Slot it runs in now; null: it is not in the chain.</summary>
    public int? SlotBefore { get; init; }

    /// <summary>By which rule it comes after the program in the slot before; null: it is the first, or stays behind it as it was.</summary>
    public SlotOrderRule? FollowsBy { get; init; }
}
