using System.Diagnostics;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Cleaning;
using Dispatcher.Runtime.Diagnostics;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Carries a change through: attempt after attempt, with a pause in between, until it is made or the deadline passes.</summary>
internal sealed class ChainTransaction(KernelPort kernel, PinPaths paths, XdpDispatcherOptions options, ILogger logger, KnownPrograms known)
{
    // A refusal over an unchanged hook may be a change and its reversal between our looks, but not three times over.
    private const int RefusalsBeforeGivingUp = 3;

    private readonly PinRoot _root = new(kernel, paths, options);
    private readonly PinSweeper _sweeper = new(kernel, paths, options.SweepGracePeriod);

    /// <summary>Makes one change to the chain of one interface.</summary>
    /// <param name="target">The interface as it was found by name.</param>
    /// <param name="change">What to do.</param>
    /// <param name="batch">What it shares with changes of other interfaces; null: it is alone.</param>
    /// <param name="cancellationToken">Looked at before each attempt and while waiting.</param>
    /// <param name="whenDone">Told of the change under the lock, while every program of the chain before it is held; null: nobody is.</param>
    /// <exception cref="ForeignProgramException">Something else holds the hook, or a bpf_link owns it.</exception>
    public ChangeResult Run(
        InterfaceReading target, IChainChange change, ChangeScope? batch, CancellationToken cancellationToken, Action<ChangeResult>? whenDone = null)
    {
        using var telemetry = new ChangeTelemetry(change.Operation, target.Name);
        try
        {
            var result = Run(target, change, batch, telemetry, whenDone ?? (_ => { }), cancellationToken);
            telemetry.Succeeded(result);
            ChainLog.Changed(logger, target.Name, change.Operation, result);
            return result;
        }
        catch (Exception failure)
        {
            telemetry.Failed(failure);
            throw;
        }
    }

    /// <summary>Puts back what a change took from a hook, if nobody has changed it since.</summary>
    /// <returns>False: somebody has.</returns>
    /// <exception cref="ContentionException">Others held the lock until the deadline.</exception>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public bool TryUndo(ChangeReversal reversal)
    {
        var name = reversal.Made.After.InterfaceName;
        var deadline = new Deadline(kernel.Pace, options.Deadline);
        using var taken = _root.TakeLock(deadline, CancellationToken.None)
            ?? throw new ContentionException(name, 1, deadline.Elapsed, _root.DescribeHolder());
        var isDone = reversal.TryRun(kernel, paths, failure => ChainLog.UndoFailed(logger, failure, name));
        ChainLog.PutBack(logger, name, isDone);
        return isDone;
    }

    /// <summary>Sweeps what dead processes left for the interfaces of a batch, which cannot be put back any more. The changes are made: what fails here is told to the operator.</summary>
    public void Sweep(ChangeScope batch)
    {
        // What this process holds, somebody uses, and it would not be swept.
        batch.Forget();
        if (batch.Changed.Count == 0)
            return;
        try
        {
            using var taken = _root.TakeLock(new Deadline(kernel.Pace, options.Deadline), CancellationToken.None);
            if (taken is not null)
                ChainLog.Swept(logger, "batch", _sweeper.SweepBeside(batch.Changed));
        }
        catch (DispatcherException failure)
        {
            ChainLog.FailedAfterSwap(logger, failure, "batch", "sweeping dead pins");
        }
    }

    private ChangeResult Run(
        InterfaceReading target, IChainChange change, ChangeScope? batch, ChangeTelemetry telemetry, Action<ChangeResult> whenDone,
        CancellationToken cancellationToken)
    {
        if (change.NeedsChain && _root.IsBare(target))
        {
            var nothing = new HookStatus(target.Name, target.Index, null, null, null);
            return new ChangeResult(nothing, nothing, [], 1) { Notes = change.Plan(null, target.Name).Notes };
        }

        var deadline = new Deadline(kernel.Pace, options.Deadline);
        var backoff = new Backoff(kernel.Pace, options.InitialBackoff, options.MaxBackoff);
        var refusals = 0;
        var lost = new List<string>();
        for (var count = 1; ; count++)
        {
            _root.Ensure(target);
            var outcome = TryOnce(target, change, batch, deadline, telemetry, whenDone, cancellationToken);
            if (outcome.Result is { } result)
                return Remarked(result) with { Attempts = count, LostRaces = [.. lost] };
            lost.Add(outcome.Cause);
            telemetry.Lost(outcome.Cause);
            ChainLog.LostRace(logger, target.Name, count, outcome.Cause);
            if (outcome.HookUnchanged)
                ThrowIfLinkOwned(target);
            refusals = outcome.HookUnchanged ? refusals + 1 : 0;
            if (refusals == RefusalsBeforeGivingUp)
            {
                throw new RefusedException(
                    $"The kernel refuses to change the hook of {Printable.Escape(target.Name)} although it holds what was read: {outcome.Cause}. Nothing was changed.");
            }

            if (deadline.HasPassed)
                throw new ContentionException(target.Name, count, deadline.Elapsed, outcome.Cause, lost);
            deadline.Wait(backoff.Next(), cancellationToken);
        }
    }

    private ChangeResult Remarked(ChangeResult result) =>
        result.After.Chain is not null && _root.FindRemark() is { } remark ? result with { Notes = result.Notes.Add(remark) } : result;

    // A hook that a bpf_link attached is its owner's: the kernel refuses every change by netlink, as often as one tries.
    private void ThrowIfLinkOwned(InterfaceReading target)
    {
        if (FindLinkOwned(target.Index) is not { } owned)
            return;
        throw new ForeignProgramException(
            target.Name, new ForeignProgram(owned.Info.Id, owned.Info.Name, $"bpf_link {owned.Link} owns the hook, and the kernel lets nobody else change it"));
    }

    private (ProgramInfo Info, LinkId Link)? FindLinkOwned(int ifindex)
    {
        try
        {
            foreach (var attached in kernel.Hook.Read(ifindex)?.Attached ?? [])
            {
                using var program = kernel.Bpf.OpenProgram(attached.ProgramId);
                if (program is not null && HookLinks.FindOwner(kernel.Bpf, ifindex, attached.ProgramId) is { } link)
                    return (kernel.Bpf.GetInfo(program), link);
            }
        }
        catch (KernelException)
        {
            // Whose hook it is cannot be read: the refusals of the kernel decide.
        }

        return null;
    }

    private AttemptOutcome TryOnce(
        InterfaceReading target, IChainChange change, ChangeScope? batch, Deadline deadline, ChangeTelemetry telemetry, Action<ChangeResult> whenDone,
        CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        using var taken = _root.TakeLock(deadline, cancellationToken);
        telemetry.Waited(asked);
        using var own = new ChangeScope(kernel);
        var attempt = new ChangeAttempt(kernel, paths, known, _sweeper, logger, target, batch ?? own, whenDone);
        return taken is null ? AttemptOutcome.Lost(_root.DescribeHolder()) : attempt.Run(change);
    }
}
