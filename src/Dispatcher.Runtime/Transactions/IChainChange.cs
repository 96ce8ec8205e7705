using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>What is asked of a chain; planned anew on every attempt, since the chain may be another one by then.</summary>
internal interface IChainChange
{
    /// <summary>A word for it in logs and metrics; stable.</summary>
    string Operation { get; }

    /// <summary>Whether it is about what is in a chain: on an empty hook there is nothing to do, or it is an error.</summary>
    bool NeedsChain => false;

    /// <summary>The chain it leads to.</summary>
    /// <param name="current">The chain on the NIC; null: the hook is empty.</param>
    /// <param name="interfaceName">For messages.</param>
    ChainPlan Plan(PlannedFrom? current, string interfaceName);

    /// <summary>The fd of a newcomer; null when the id is not one of ours.</summary>
    ProgramFd? NewcomerOf(ProgramId id);

    /// <summary>A dispatcher that may be the one to build; null: none was made beforehand.</summary>
    SpareDispatcher? Spare => null;

    /// <summary>Fills maps that could not be filled before it was planned. Under the lock, and not when it is only planned.</summary>
    /// <param name="plan">What is about to be built.</param>
    void FillMaps(ChainPlan plan)
    {
    }

    /// <summary>The fd of a component of the plan: a newcomer, or one that stays.</summary>
    ProgramFd ProgramOf(ProgramId id, ChainSnapshot? current) =>
        NewcomerOf(id) ?? current!.Components.First(component => component.Info.Id == id).Program;
}

/// <summary>Adds loaded components; borrowed, the caller disposes them.</summary>
/// <param name="verified">The components, in the order of the request.</param>
/// <param name="options">How.</param>
/// <param name="fill">Fills the maps of a newcomer, once it is known to join; null: that was done before.</param>
internal sealed class AttachChange(VerifiedComponents verified, AttachOptions options, Action<LoadedComponent>? fill = null) : IChainChange
{
    /// <inheritdoc/>
    public string Operation => ChangeOperations.Attach;

    private readonly ImmutableArray<PlannedComponent> _planned = [.. verified.Components.Select(component => component.ToPlanned())];
    private readonly HashSet<ProgramId> _filled = [];

    /// <inheritdoc/>
    public SpareDispatcher Spare => verified.Spare;

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName) => ChainPlanner.Attach(current, _planned, options);

    /// <inheritdoc/>
    public void FillMaps(ChainPlan plan)
    {
        foreach (var newcomer in verified.Components.Where(newcomer => fill is not null && plan.Holds(newcomer.ToPlanned()) && _filled.Add(newcomer.Info.Id)))
            fill!(newcomer);
    }

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => verified.Components.FirstOrDefault(component => component.Info.Id == id)?.Program;
}

/// <summary>Removes components.</summary>
internal sealed class DetachChange(ComponentSelection selection) : IChainChange
{
    /// <inheritdoc/>
    public string Operation => ChangeOperations.Detach;

    /// <inheritdoc/>
    public bool NeedsChain => true;

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName)
    {
        if (current is not null)
            return ChainPlanner.Detach(current, selection);
        return selection.IsAll
            ? ChainPlan.StaysEmpty(new ChangeNote(ChangeNoteKind.NothingToDo, $"no XDP program is attached to {Printable.Escape(interfaceName)}"))
            : throw new NotFoundException($"No XDP program is attached to {Printable.Escape(interfaceName)}; there is nothing to take out.");
    }

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => null;
}

/// <summary>Mends a broken chain: what is alive of it is pinned again, and what is dead leaves it. A whole chain stays as it is.</summary>
internal sealed class RepairChange : IChainChange
{
    /// <inheritdoc/>
    public string Operation => ChangeOperations.Repair;

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName) => new(current!.Version, current.Mode, current.Components, []);

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => null;
}

/// <summary>Writes the chain in another protocol version.</summary>
internal sealed class ConvertChange(DispatcherVersion version) : IChainChange
{
    /// <inheritdoc/>
    public string Operation => ChangeOperations.Convert;

    /// <inheritdoc/>
    public bool NeedsChain => true;

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName) => current is null
        ? throw new NotFoundException($"No XDP program is attached to {Printable.Escape(interfaceName)}; there is no chain to convert.")
        : ChainPlanner.Convert(current, version);

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => null;
}
