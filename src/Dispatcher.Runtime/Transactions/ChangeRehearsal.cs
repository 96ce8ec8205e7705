using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Goes through a change up to its swap and lets all of it go again: nothing is pinned, nothing is on the NIC, no lock is taken.</summary>
internal sealed class ChangeRehearsal(ChainQuery query)
{
    /// <summary>Rehearses a change of the chain as it is now.</summary>
    /// <param name="target">The interface as it was found by name.</param>
    /// <param name="change">What to do.</param>
    /// <param name="revisions">Keeps what is built, for other interfaces whose chains would be the same.</param>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <exception cref="DispatcherException">What the change would be refused with.</exception>
    public ChangePreview Run(InterfaceReading target, IChainChange change, RevisionPool revisions, CancellationToken cancellationToken)
    {
        using var current = query.ReadChain(target, cancellationToken);
        var plan = change.Plan(current?.ToPlanned(), target.Name);
        var before = new HookStatus(target.Name, target.Index, current?.Mode, current?.ToStatus(), null);
        if (plan.EmptiesHook)
            return new ChangePreview(before, null, plan.Notes);
        if (plan.ChangesNothing)
            return new ChangePreview(before, before.Chain is { } chain ? Describe(plan, chain, chain.HasFrags) : null, plan.Notes) { ChangesNothing = true };

        // The kernel's answers about dispatcher and links are part of it; disposing the pool takes all of it back.
        var revision = revisions.Take(plan, target, id => change.ProgramOf(id, current), change.Spare);
        var notes = plan.AsBuilt(revision.HasFrags).Notes;
        return new ChangePreview(before, Describe(plan, before.Chain, revision.HasFrags), current is null && plan.Mode == AttachMode.Native ? notes.Add(NotTried(target)) : notes);
    }

    private static ChangeNote NotTried(InterfaceReading target) => new(
        ChangeNoteKind.ModeNotTried, $"whether the driver of {Printable.Escape(target.Name)} takes native mode shows only when the chain is attached");

    private static PlannedChain Describe(ChainPlan plan, ChainStatus? before, bool hasFrags) => new(
        plan.Version, plan.Mode, hasFrags,
        [.. plan.Components.Select((component, slot) => Describe(component, slot, slot == 0 ? null : plan.Components[slot - 1], before))]);

    private static PlannedProgram Describe(PlannedComponent component, int slot, PlannedComponent? previous, ChainStatus? before)
    {
        var was = before?.Programs.FirstOrDefault(program => program.Id == component.Id);
        return new PlannedProgram(slot, was?.Id, component.Name, component.Tag, component.Policy.Priority, component.Policy.Actions)
        {
            HasFrags = component.Policy.Flags.HasFlag(ProgramFlags.Frags),
            IsDeviceBound = component.Policy.Flags.HasFlag(ProgramFlags.DeviceBound),
            SlotBefore = was?.Slot,
            FollowsBy = previous is null ? null : SlotOrder.Decide(previous.OrderKey, component.OrderKey),
        };
    }
}
