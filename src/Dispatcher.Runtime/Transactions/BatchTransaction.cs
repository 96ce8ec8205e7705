using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Diagnostics;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Makes one change on several interfaces: newcomers are verified once, and chains that become the same share one dispatcher.</summary>
/// <remarks>
/// Each interface is changed by a transaction of its own, under the lock for as long as one change takes, so others get their turn in between.
/// Whoever dies on the way leaves every interface with a whole chain, the old one or the new one.
/// </remarks>
/// <param name="kernel">The port.</param>
/// <param name="query">Finds interfaces.</param>
/// <param name="carrier">Gets requests ready.</param>
/// <param name="transaction">Changes one interface.</param>
/// <param name="explain">Says more of a failure, once nothing is held any more that was needed for the change.</param>
internal sealed class BatchTransaction(
    KernelPort kernel, ChainQuery query, ChangeCarrier carrier, ChainTransaction transaction, Func<DispatcherException, DispatcherException> explain)
{
    // A dispatcher, and a program and a link for each slot.
    private const int ObjectsOfChain = 1 + 2 * DispatcherLimits.MaxSlots;
    private const int FewInterfaces = 16;

    /// <summary>Makes the change.</summary>
    /// <param name="interfaceNames">Without duplicates.</param>
    /// <param name="request">What to change.</param>
    /// <param name="options">What becomes of the others when one fails.</param>
    /// <param name="cancellationToken">What was changed by then is put back, or stays, as the options say.</param>
    public BatchResult Run(IReadOnlyList<string> interfaceNames, ChangeRequest request, BatchOptions options, CancellationToken cancellationToken)
    {
        using var scope = new ChangeScope(kernel, remembers: options.OnFailure == BatchFailurePolicy.Undo, sweepsAtEnd: true);
        using var ready = new PreparedChanges();
        var batch = new Batch([.. interfaceNames.Select(name => new BatchMember(name))], options, explain);
        try
        {
            // Whatever can be refused is refused before the first interface is changed.
            if (!Find(batch, request)
                || !batch.LookAtEach(Telling(request, member => member.Group = request.Screen(carrier.PreparationFor(member.Target!), cancellationToken)))
                || !batch.LookAtEachGroup(Telling(request, member => ready.Ensure(member.Group, () => Prepare(member, request, cancellationToken))))
                || !batch.ForEach(Telling(request, member => ready.Ensure(member.Group, () => Prepare(member, request, cancellationToken))))
                || !batch.ForEach(member => batch.Settle(member, Change(member, request, ready, scope, cancellationToken))))
            {
                PutBack(batch, scope);
            }
        }
        catch
        {
            PutBack(batch, scope);
            throw;
        }

        transaction.Sweep(scope);
        return batch.ToResult();
    }

    private bool Find(Batch batch, ChangeRequest request)
    {
        if (!batch.LookAtEach(Telling(request, member => member.Target = query.FindInterface(member.Name))))
            return false;
        // Chains are held open until it is sure that none is put back.
        var chains = batch.Members.Count(member => member.Target is { Attached: [_, ..] });
        if (chains > FewInterfaces)
            kernel.Bpf.MakeRoom(chains * ObjectsOfChain);
        return true;
    }

    // What is refused before the change of an interface begins.
    private static Action<BatchMember> Telling(ChangeRequest request, Action<BatchMember> step) => member =>
        ChangeTelemetry.Prepare(request.Operation, member.Name, () => step(member));

    private PreparedChange Prepare(BatchMember member, ChangeRequest request, CancellationToken cancellationToken)
    {
        var prepared = request.Prepare(carrier.PreparationFor(member.Target!), cancellationToken);
        try
        {
            prepared.FillMaps();
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    private ChangeResult Change(BatchMember member, ChangeRequest request, PreparedChanges ready, ChangeScope scope, CancellationToken cancellationToken) =>
        carrier.CarryShared(
            member.Target!, request, ready[member.Group],
            (target, prepared) =>
            {
                prepared.FillMaps();
                return prepared.AddNotesTo(transaction.Run(target, prepared.Change, scope, cancellationToken));
            },
            cancellationToken);

    private void PutBack(Batch batch, ChangeScope scope)
    {
        foreach (var reversal in scope.Reversals.Reverse())
        {
            var member = batch.Members.First(each => each.Target?.Index == reversal.Made.After.InterfaceIndex);
            try
            {
                batch.Settle(member, transaction.TryUndo(reversal) ? InterfaceOutcomeKind.Undone : InterfaceOutcomeKind.NotUndone, reversal.Made, null);
            }
            catch (DispatcherException failure)
            {
                batch.Settle(member, InterfaceOutcomeKind.NotUndone, reversal.Made, failure);
            }
        }
    }
}
