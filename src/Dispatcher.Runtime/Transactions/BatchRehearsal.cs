using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Rehearses one change on several interfaces: newcomers are verified once, and a dispatcher is built once for chains that would be the same.</summary>
/// <param name="kernel">The port.</param>
/// <param name="query">Finds interfaces.</param>
/// <param name="carrier">Gets requests ready.</param>
/// <param name="rehearsal">Rehearses the change of one interface.</param>
/// <param name="explain">Says more of a failure, once nothing is held any more that was needed for it.</param>
internal sealed class BatchRehearsal(
    KernelPort kernel, ChainQuery query, ChangeCarrier carrier, ChangeRehearsal rehearsal, Func<DispatcherException, DispatcherException> explain)
{
    /// <summary>Rehearses the change on each interface as it is now, whatever becomes of the others.</summary>
    /// <param name="interfaceNames">Without duplicates.</param>
    /// <param name="request">What to change.</param>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    public ImmutableArray<InterfacePlan> Run(IReadOnlyList<string> interfaceNames, ChangeRequest request, CancellationToken cancellationToken)
    {
        using var ready = new PreparedChanges();
        using var revisions = new RevisionPool(kernel);
        var plans = ImmutableArray.CreateBuilder<InterfacePlan>(interfaceNames.Count);
        foreach (var name in interfaceNames)
        {
            try
            {
                plans.Add(new InterfacePlan(name) { Preview = Plan(query.FindInterface(name), request, ready, revisions, cancellationToken) });
            }
            catch (DispatcherException refusal)
            {
                plans.Add(new InterfacePlan(name) { Refusal = explain(refusal) });
            }
        }

        return plans.MoveToImmutable();
    }

    private ChangePreview Plan(
        InterfaceReading target, ChangeRequest request, PreparedChanges ready, RevisionPool revisions, CancellationToken cancellationToken)
    {
        var preparation = carrier.PreparationFor(target);
        var group = request.Screen(preparation, cancellationToken);
        ready.Ensure(group, () => request.Prepare(preparation, cancellationToken));
        return carrier.CarryShared(
            target, request, ready[group],
            (now, prepared) => prepared.AddNotesTo(rehearsal.Run(now, prepared.Change, revisions, cancellationToken)), cancellationToken);
    }
}
