using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Puts a program that was in the chain before into it again; one that is there stays as it is.</summary>
/// <param name="returning">Borrowed, the caller disposes it.</param>
/// <param name="mode">Mode of a first attach, when the hook is empty.</param>
/// <param name="version">Protocol version of a first attach; null: whatever will do.</param>
internal sealed class ReattachChange(LoadedComponent returning, AttachMode mode, DispatcherVersion? version) : IChainChange
{
    private readonly PlannedComponent _planned = returning.ToPlanned();

    /// <inheritdoc/>
    public string Operation => ChangeOperations.Reattach;

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName)
    {
        if (current is null)
            return ChainPlanner.Attach(null, [_planned], new AttachOptions { Mode = mode, Protocol = version });
        if (current.Components.Any(component => component.Id == _planned.Id))
        {
            return new ChainPlan(current.Version, current.Mode, current.Components, [])
            {
                ChangesNothing = true,
                Notes = [new ChangeNote(ChangeNoteKind.NothingToDo, "the program is in the chain")],
            };
        }

        return ChainPlanner.Attach(current, [_planned], new AttachOptions());
    }

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => returning.Info.Id == id ? returning.Program : null;
}

/// <summary>A program that is held open joins again.</summary>
/// <param name="LastSeen">Where and how it ran; held open by the caller.</param>
/// <param name="Mode">Mode of a first attach.</param>
/// <param name="Version">Protocol version of a first attach; null: whatever will do.</param>
internal sealed record ReattachRequest(ComponentStatus LastSeen, AttachMode Mode, DispatcherVersion? Version) : ChangeRequest
{
    /// <inheritdoc/>
    internal override string Operation => ChangeOperations.Reattach;

    /// <summary>It is about one program on one interface.</summary>
    internal override uint Screen(ChangePreparation preparation, CancellationToken cancellationToken) => 0;

    /// <inheritdoc/>
    internal override PreparedChange Prepare(ChangePreparation preparation, CancellationToken cancellationToken) =>
        preparation.Reattach(this, cancellationToken);
}
