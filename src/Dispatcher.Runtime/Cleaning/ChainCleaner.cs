using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Diagnostics;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Cleaning;

/// <summary>Mends broken chains, then removes dead pins; in this order, since a chain may be mended from pins that look dead.</summary>
internal sealed class ChainCleaner(KernelPort kernel, PinPaths paths, XdpDispatcherOptions options, ILogger logger, KnownPrograms known)
{
    private readonly PinRoot _root = new(kernel, paths, options);
    private readonly PinSweeper _sweeper = new(kernel, paths, options.SweepGracePeriod);
    private readonly ComponentSearch _search = new(kernel, paths, known);
    private readonly HookReader _reader = new(kernel, paths, known);
    private readonly ChainTransaction _transaction = new(kernel, paths, options, logger, known);

    /// <summary>Cleans.</summary>
    /// <param name="target">Only this interface; null: everything.</param>
    /// <param name="request">What to do.</param>
    /// <param name="cancellationToken">Looked at between chains and while waiting.</param>
    /// <exception cref="NotFoundException">There is no BPF file system where the pins belong.</exception>
    public CleanResult Run(InterfaceReading? target, CleanOptions request, CancellationToken cancellationToken)
    {
        if (!kernel.Files.IsBpfFs(paths.FileSystem))
            throw paths.NotMounted(kernel.Files, mayAttach: false);
        var repairs = ImmutableArray.CreateBuilder<ChainRepair>();
        foreach (var candidate in target is null ? kernel.Hook.ReadAll() : [target])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!candidate.Attached.IsEmpty && Examine(candidate, request, cancellationToken) is { } repair)
                repairs.Add(repair);
        }

        return new CleanResult(Sweep(target?.Index, request.DryRun, cancellationToken), repairs.ToImmutable());
    }

    /// <summary>Removes the pins of an interface that is gone, as far as they are dead, and tells the operator.</summary>
    /// <param name="interfaceName">What it was called.</param>
    /// <param name="interfaceIndex">Its index.</param>
    /// <param name="cancellationToken">Looked at while waiting for the lock.</param>
    /// <remarks>Nothing depends on it, so a failure is told the operator and nobody else.</remarks>
    /// <returns>What was found; nothing when it failed.</returns>
    public ImmutableArray<SweptDirectory> SweepGone(string interfaceName, int interfaceIndex, CancellationToken cancellationToken)
    {
        try
        {
            var swept = Sweep(interfaceIndex, dryRun: false, cancellationToken);
            ChainLog.Swept(logger, interfaceName, swept);
            return swept;
        }
        catch (DispatcherException failure)
        {
            ChainLog.SweepFailed(logger, failure, interfaceName);
            return [];
        }
    }

    private ImmutableArray<SweptDirectory> Sweep(int? interfaceIndex, bool dryRun, CancellationToken cancellationToken)
    {
        if (kernel.Files.List(paths.Root) is null)
            return [];
        var deadline = new Deadline(kernel.Pace, options.Deadline);
        using var taken = _root.TakeLock(deadline, cancellationToken)
            ?? throw new ContentionException(paths.Root, 1, deadline.Elapsed, _root.DescribeHolder());
        return _sweeper.Sweep(_sweeper.FindDirectories(interfaceIndex), dryRun);
    }

    // Null: the chain is whole, or what is there is not ours to mend.
    private ChainRepair? Examine(InterfaceReading target, CleanOptions request, CancellationToken cancellationToken)
    {
        using var reading = _reader.Read(target.Index);
        if (reading is not HookReading.Broken { Snapshot: { } broken })
            return null;
        try
        {
            if (request is { Repair: true, DryRun: false })
            {
                reading.Dispose();
                return Repair(target, cancellationToken);
            }

            _search.Complete(broken);
            var lost = broken.ToFinalStatus().LostSlots;
            var alive = broken.ToSnapshot().ToStatus().Programs;
            var outlook = alive.IsEmpty ? "every component is dead, and the hook will be empty; load them again then" : Describe(lost);
            var verdict = !request.Repair ? RepairVerdict.Broken : alive.IsEmpty ? RepairVerdict.WouldEmpty : RepairVerdict.WouldRepair;
            return new ChainRepair(
                target.Name, target.Index, broken.Info.Id, verdict, alive, lost, request.Repair ? outlook : "a repair was not asked for");
        }
        catch (RefusedException refused)
        {
            return new ChainRepair(target.Name, target.Index, broken.Info.Id, RepairVerdict.Refused, [], broken.ToStatus().LostSlots, refused.Message.TrimEnd('.'));
        }
    }

    private ChainRepair? Repair(InterfaceReading target, CancellationToken cancellationToken)
    {
        var result = _transaction.Run(target, new RepairChange(), null, cancellationToken);
        return result.Before.Broken is { } broken
            ? new ChainRepair(
                target.Name, target.Index, broken.DispatcherId, result.After.Chain is null ? RepairVerdict.Emptied : RepairVerdict.Repaired, result.After.Chain?.Programs ?? [], broken.LostSlots,
                result.After.Chain is null ? "every component is dead, and the hook is empty now; load them again" : Describe(broken.LostSlots))
            : null;
    }

    private static string Describe(ImmutableArray<LostSlot> lost) => lost.Length switch
    {
        0 => "every component is alive, and pinned again",
        1 => $"the component of slot {lost[0].Slot} is dead, and the chain goes on without it; load it again",
        _ => $"the components of slots {string.Join(", ", lost.Select(slot => slot.Slot))} are dead, and the chain goes on without them; load them again",
    };
}
