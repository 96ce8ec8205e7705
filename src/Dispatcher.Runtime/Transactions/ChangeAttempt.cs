using System.Collections.Immutable;
using System.Diagnostics;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Cleaning;
using Dispatcher.Runtime.Diagnostics;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.State;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Transactions;

/// <summary>One attempt at a change, under the lock: read, plan, build, pin, swap, retire.</summary>
/// <remarks>
/// The NIC carries a whole chain at every point: the swap is one step, and everything it needs was pinned before. A
/// crash before the swap leaves an unattached directory, a crash after it leaves the old one; the next change sweeps both.
/// </remarks>
internal sealed class ChangeAttempt(
    KernelPort kernel, PinPaths paths, KnownPrograms known, PinSweeper sweeper, ILogger logger, InterfaceReading target, ChangeScope scope,
    Action<ChangeResult> whenDone)
{
    private readonly HookReader _reader = new(kernel, paths, known);

    /// <summary>Tries once.</summary>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    public AttemptOutcome Run(IChainChange change)
    {
        var reading = _reader.Read(target.Index);
        var isKept = false;
        try
        {
            var outcome = Run(change, reading);
            if (outcome.Result is { } made)
            {
                // The reading holds every program of the chain before it.
                whenDone(made);
                isKept = scope.Remember(reading, made);
            }

            return outcome;
        }
        finally
        {
            if (!isKept)
                reading.Dispose();
        }
    }

    private AttemptOutcome Run(IChainChange change, HookReading reading) => reading switch
    {
        _ when change is RepairChange => Repair(change, reading),
        HookReading.Empty empty => Change(change, empty.Interface, null),
        HookReading.Chain chain => Change(change, chain.Interface, chain.Snapshot),
        HookReading.Broken broken => throw new BrokenChainException(broken.Interface.Name, new ComponentSearch(kernel, paths, known).Judge(broken.Snapshot)),
        _ => LostOrNotOurs(reading),
    };

    private AttemptOutcome Repair(IChainChange change, HookReading reading)
    {
        switch (reading)
        {
            case HookReading.Empty empty:
                return Unchanged(HookStatusOf(empty.Interface, null, null));
            case HookReading.Chain { Snapshot: { } whole } chain:
                return Unchanged(HookStatusOf(chain.Interface, whole.Mode, whole.ToStatus()));
            case HookReading.Broken { Snapshot: { } broken } found:
                new ComponentSearch(kernel, paths, known).Complete(broken);
                var alive = broken.ToSnapshot();
                var before = HookStatusOf(found.Interface, broken.Mode, null) with { Broken = broken.ToFinalStatus() };
                if (!broken.LostSlots.IsEmpty)
                    return Change(change, found.Interface, alive).WithBefore(before);
                PinnedDirectory.Complete(kernel.Files, broken.PinDirectory, alive.Components.Select(component => (component.Program, component.Link)));
                return AttemptOutcome.Done(new ChangeResult(before, HookStatusOf(found.Interface, alive.Mode, alive.ToStatus()), [], 1));
            default:
                return LostOrNotOurs(reading);
        }
    }

    private AttemptOutcome LostOrNotOurs(HookReading reading) => reading switch
    {
        HookReading.LostRace lost => AttemptOutcome.Lost(lost.Cause),
        HookReading.Foreign foreign => throw new ForeignProgramException(foreign.Interface.Name, foreign.Program),
        _ => throw InterfaceIsGone(),
    };

    private static AttemptOutcome Unchanged(HookStatus status) => AttemptOutcome.Done(new ChangeResult(status, status, [], 1));

    private AttemptOutcome Change(IChainChange change, InterfaceReading reading, ChainSnapshot? current)
    {
        var plan = change.Plan(current?.ToPlanned(), reading.Name);
        var before = HookStatusOf(reading, current?.Mode, current?.ToStatus());
        if (plan.ChangesNothing)
            return Done(plan, before, before, before.Chain!);
        return plan.EmptiesHook ? Empty(reading, current!, plan, before) : Rebuild(change, reading, current, plan, before);
    }

    private AttemptOutcome Empty(InterfaceReading reading, ChainSnapshot current, ChainPlan plan, HookStatus before)
    {
        var outcome = Swap(reading, null, HookExpectation.Holds(current.Dispatcher), plan);
        if (outcome.Result != SwapResult.Swapped)
            return Refused(reading, outcome);
        Retire(current);
        Sweep(reading, null);
        return Done(plan, before, HookStatusOf(reading, null, null), before.Chain!);
    }

    private AttemptOutcome Rebuild(
        IChainChange change, InterfaceReading reading, ChainSnapshot? current, ChainPlan plan, HookStatus before)
    {
        change.FillMaps(plan);
        ProgramFd ProgramOf(ProgramId id) => change.ProgramOf(id, current);
        var revision = scope.Revisions.Take(plan, reading, ProgramOf, change.Spare);
        using var pins = new RevisionPins(kernel.Files, revision, ProgramOf, failure => ChainLog.UndoFailed(logger, failure, target.Name));
        if (!pins.TryPin(paths.DirectoryOf(reading.Index, revision.Info.Id)))
            return AttemptOutcome.Lost($"another process changed the pins of dispatcher {revision.Info.Id} while they were made");
        var expected = current is null ? HookExpectation.Empty : HookExpectation.Holds(current.Dispatcher);
        var outcome = Swap(reading, pins, expected, plan);
        if (outcome.Result != SwapResult.Swapped)
            return Refused(reading, outcome);

        pins.Keep();
        known.RememberOwn(revision.Info, revision.Config, plan);
        AfterSwap("pinning what a clean-up took away", pins.Restore);
        if (current is not null)
            Retire(current);
        Sweep(reading, revision.Info.Id);
        var mode = plan.Mode;
        if (mode == AttachMode.Unspecified)
            AfterSwap("reading the mode that the kernel chose", () => mode = ReadMode(reading, revision.Info.Id));
        if (current is null && mode == AttachMode.Skb && plan.Mode == AttachMode.Unspecified)
            plan = plan with { Notes = plan.Notes.Add(new ChangeNote(ChangeNoteKind.SkbMode, "attached in skb mode, which every driver has and which is slower than native")) };
        var after = StatusAfter(plan, revision);
        var shown = plan.Changed.All(plan.Holds) ? after : before.Chain!;
        return Done(plan.AsBuilt(revision.HasFrags), before, HookStatusOf(reading, mode, after), shown);
    }

    private static AttemptOutcome Done(ChainPlan plan, HookStatus before, HookStatus after, ChainStatus shown) =>
        AttemptOutcome.Done(new ChangeResult(before, after, Pick(shown, plan.Changed), 1) { Kept = Pick(shown, plan.Kept), Notes = plan.Notes });

    private SwapOutcome Swap(InterfaceReading reading, RevisionPins? replacement, HookExpectation expected, ChainPlan plan)
    {
        try
        {
            var asked = Stopwatch.GetTimestamp();
            var outcome = kernel.Hook.Swap(reading.Index, replacement?.Revision.Dispatcher, expected, plan.Mode);
            ChangeTelemetry.Swapped(asked, reading.Name);
            return outcome;
        }
        catch (KernelException gone) when (gone.Errno == Errno.ENODEV)
        {
            throw InterfaceIsGone();
        }
        catch (DispatcherException failure)
        {
            if (HasHappened(reading, replacement, failure))
                return new SwapOutcome(SwapResult.Swapped);
            if (replacement is not null && failure is KernelException refusal && Explain(reading, replacement.Revision, plan, refusal) is { } explained)
                throw explained;
            throw;
        }
    }

    private static DispatcherException? Explain(InterfaceReading reading, Revision replacement, ChainPlan plan, KernelException refusal)
    {
        var explained = BufferLimit.Explain(reading, plan.Mode, plan.WithoutFrags, refusal);
        return explained is not null && plan.WithoutFrags.IsEmpty && !replacement.HasFrags
            ? new UnsupportedKernelException(BufferLimit.MissingFrags(reading), "5.18", refusal.Errno)
            : explained;
    }

    // An error may mean that only the answer was lost, so what is on the hook decides. When that cannot be read either,
    // the pins stay: pins that nobody uses are harmless, but a live chain without pins lets packets through.
    private bool HasHappened(InterfaceReading reading, RevisionPins? replacement, DispatcherException failure)
    {
        try
        {
            var attached = kernel.Hook.Read(reading.Index)?.Attached ?? [];
            return replacement is null ? attached.IsEmpty : attached.Any(program => program.ProgramId == replacement.Revision.Info.Id);
        }
        catch (DispatcherException)
        {
            replacement?.Keep();
            ChainLog.SwapUnclear(logger, failure, target.Name);
            return false;
        }
    }

    // EEXIST and EBUSY each have several causes: what is read now decides.
    private AttemptOutcome Refused(InterfaceReading reading, SwapOutcome outcome)
    {
        var now = kernel.Hook.Read(reading.Index) ?? throw InterfaceIsGone();
        var unchanged = now.Attached.AsSpan().SequenceEqual(reading.Attached.AsSpan());
        var text = outcome.KernelText is { } kernelText ? $"the kernel says '{Printable.Escape(kernelText)}'" : $"the swap ended in {outcome.Result}";
        return AttemptOutcome.Lost(unchanged ? text : $"another application changed the hook ({text})", unchanged);
    }

    // The fds in the snapshot are open until the attempt ends, so the unlinked links are freed by our close, at once.
    private void Retire(ChainSnapshot old) =>
        AfterSwap("removing the pins of the old chain", () => PinnedDirectory.Remove(kernel.Files, old.PinDirectory));

    // What processes that died left behind for this interface.
    private void Sweep(InterfaceReading reading, ProgramId? attached)
    {
        if (scope.SweepsAtEnd)
            scope.Changed[reading.Index] = attached;
        else
            AfterSwap("sweeping dead pins", () => ChainLog.Swept(logger, target.Name, sweeper.SweepBeside(new Dictionary<int, ProgramId?> { [reading.Index] = attached })));
    }

    // The change is made: what fails now is told to the operator and swept later, but does not undo the success.
    private void AfterSwap(string step, Action action)
    {
        try
        {
            action();
        }
        catch (DispatcherException failure)
        {
            ChainLog.FailedAfterSwap(logger, failure, target.Name, step);
        }
    }

    private AttachMode ReadMode(InterfaceReading reading, ProgramId dispatcher) =>
        (kernel.Hook.Read(reading.Index)?.Attached ?? []).FirstOrDefault(program => program.ProgramId == dispatcher).Mode;

    private static ChainStatus StatusAfter(ChainPlan plan, Revision revision) => new(
        revision.Info.Id, revision.Info.Tag, plan.Version, revision.HasFrags,
        [.. plan.Components.Select((component, slot) => component.ToStatus(slot))]);

    private static ImmutableArray<ComponentStatus> Pick(ChainStatus chain, ImmutableArray<PlannedComponent> components) =>
        [.. components.Select(component => chain.Programs.First(program => program.Id == component.Id))];

    private static HookStatus HookStatusOf(InterfaceReading reading, AttachMode? mode, ChainStatus? chain) =>
        new(reading.Name, reading.Index, mode, chain, null);

    private NotFoundException InterfaceIsGone() => GoneInterface.Describe(kernel, target);
}
