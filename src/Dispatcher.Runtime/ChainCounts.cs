using System.Collections.Immutable;

namespace Dispatcher.Runtime;

/// <summary>What the components of a chain have returned since they are watched.</summary>
/// <param name="InterfaceName">The interface.</param>
/// <param name="DispatcherId">Program id of the dispatcher; null when nothing is attached.</param>
/// <param name="Components">In running order; empty when nothing is attached.</param>
public sealed record ChainCounts(string InterfaceName, ProgramId? DispatcherId, ImmutableArray<ComponentCounts> Components)
{
    /// <summary>The chain, when it lost pins since it is watched: what runs of it is counted on. Null: it is whole.</summary>
    public BrokenChain? Broken { get; init; }
}

/// <summary>What one component has returned.</summary>
/// <param name="Slot">Place in the chain now, from 0.</param>
/// <param name="Id">Program id.</param>
/// <param name="Name">Full function name where BTF tells it; escape it before printing.</param>
/// <param name="Watched">How long it has been watched: packets before that are not counted.</param>
/// <param name="Verdicts">Packets by what it returned for them.</param>
public sealed record ComponentCounts(int Slot, ProgramId Id, string Name, TimeSpan Watched, VerdictCounts Verdicts);

/// <summary>Packets by verdict.</summary>
/// <param name="Aborted">XDP_ABORTED.</param>
/// <param name="Drop">XDP_DROP.</param>
/// <param name="Pass">XDP_PASS.</param>
/// <param name="Tx">XDP_TX.</param>
/// <param name="Redirect">XDP_REDIRECT.</param>
/// <param name="Other">Any other number.</param>
public readonly record struct VerdictCounts(ulong Aborted, ulong Drop, ulong Pass, ulong Tx, ulong Redirect, ulong Other)
{
    /// <summary>All packets.</summary>
    public ulong Packets => Aborted + Drop + Pass + Tx + Redirect + Other;
}
