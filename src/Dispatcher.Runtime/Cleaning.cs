using System.Collections.Immutable;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime;

/// <summary>What to clean.</summary>
public sealed record CleanOptions
{
    /// <summary>Only what belongs to this interface; null: everything in the BPF file system.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>Says what would be done and does nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Mends chains whose pins are gone, from what is still alive of them.</summary>
    public bool Repair { get; init; }
}

/// <summary>What became of a directory of pins.</summary>
public enum SweepVerdict
{
    /// <summary>It was dead and is gone.</summary>
    Removed,

    /// <summary>It is dead; a dry run leaves it.</summary>
    WouldRemove,

    /// <summary>It is in use, or cannot be proven dead.</summary>
    Kept,
}

/// <summary>A directory of pins that was judged.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="InterfaceIndex">Interface index in its name.</param>
/// <param name="DispatcherId">Program id in its name.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Reason">Why, without full stop.</param>
public sealed record SweptDirectory(string Path, int InterfaceIndex, ProgramId DispatcherId, SweepVerdict Verdict, string Reason);

/// <summary>What became of a broken chain.</summary>
public enum RepairVerdict
{
    /// <summary>It is whole again.</summary>
    Repaired,

    /// <summary>It can be mended; a dry run leaves it.</summary>
    WouldRepair,

    /// <summary>Nothing of it was alive, and the hook is empty.</summary>
    Emptied,

    /// <summary>Nothing of it is alive; a dry run leaves it.</summary>
    WouldEmpty,

    /// <summary>It is as it was: a repair was not asked for.</summary>
    Broken,

    /// <summary>It is as it was, and cannot be mended.</summary>
    Refused,
}

/// <summary>A broken chain that was found.</summary>
/// <param name="InterfaceName">The interface it is on.</param>
/// <param name="InterfaceIndex">Its index.</param>
/// <param name="DispatcherId">Program id of the dispatcher as it was found.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Programs">The components that are alive, in the slots of the mended chain.</param>
/// <param name="Lost">Slots whose component is dead: it must be loaded again.</param>
/// <param name="Reason">Why, without full stop.</param>
public sealed record ChainRepair(
    string InterfaceName, int InterfaceIndex, ProgramId DispatcherId, RepairVerdict Verdict,
    ImmutableArray<ComponentStatus> Programs, ImmutableArray<LostSlot> Lost, string Reason)
{
    /// <summary>For a log: <c>eth0: Repaired, dispatcher 45: every component is alive, and pinned again</c>.</summary>
    public override string ToString() => $"{Printable.Escape(InterfaceName)}: {Verdict}, dispatcher {DispatcherId}: {Reason}";
}

/// <summary>What a clean-up found and did.</summary>
/// <param name="Directories">Every directory of pins that was judged, by name.</param>
/// <param name="Chains">Every broken chain, by ifindex; whole ones are not listed.</param>
public sealed record CleanResult(ImmutableArray<SweptDirectory> Directories, ImmutableArray<ChainRepair> Chains);
