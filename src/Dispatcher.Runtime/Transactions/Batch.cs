using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>The interfaces of a batch, and what became of each so far.</summary>
/// <param name="members">In the order of the request.</param>
/// <param name="options">What becomes of the others when one fails.</param>
/// <param name="explain">Says more of a failure.</param>
internal sealed class Batch(IReadOnlyList<BatchMember> members, BatchOptions options, Func<DispatcherException, DispatcherException> explain)
{
    /// <summary>Interfaces in the order of the request.</summary>
    public IReadOnlyList<BatchMember> Members => members;

    /// <summary>Looks at every interface that has not failed; all that stands in the way is found.</summary>
    /// <returns>False: it failed for one, and the batch is all or none.</returns>
    public bool LookAtEach(Action<BatchMember> look) => Do(look, members, endsAtFirst: false);

    /// <summary>As <see cref="LookAtEach"/>, at the first interface of each group: what stands in its way stands in that of the others.</summary>
    public bool LookAtEachGroup(Action<BatchMember> look) => Do(look, members.DistinctBy(member => member.Group), endsAtFirst: false);

    /// <summary>Takes a step for every interface that has not failed.</summary>
    /// <returns>False: it failed for one, and the batch is all or none; it was not taken for those after it.</returns>
    public bool ForEach(Action<BatchMember> step) => Do(step, members, endsAtFirst: true);

    /// <summary>An interface is done.</summary>
    public void Settle(BatchMember member, ChangeResult made) => Settle(
        member, made.Before.Attached == made.After.Attached ? InterfaceOutcomeKind.Unchanged : InterfaceOutcomeKind.Changed, made, null);

    /// <summary>An interface is done, or done otherwise than was told before.</summary>
    public void Settle(BatchMember member, InterfaceOutcomeKind kind, ChangeResult? made, DispatcherException? failure)
    {
        member.Outcome = new InterfaceOutcome(member.Name, kind) { Result = made, Failure = failure };
        options.Progress?.Report(member.Outcome);
    }

    /// <summary>What became of all of them.</summary>
    public BatchResult ToResult() =>
        new([.. members.Select(member => member.Outcome ?? new InterfaceOutcome(member.Name, InterfaceOutcomeKind.NotTried))]);

    private bool Do(Action<BatchMember> step, IEnumerable<BatchMember> chosen, bool endsAtFirst)
    {
        var isGoingOn = true;
        foreach (var member in chosen.Where(member => member.Outcome is null))
        {
            try
            {
                step(member);
            }
            catch (DispatcherException failure)
            {
                Settle(member, InterfaceOutcomeKind.Failed, null, explain(failure));
                isGoingOn &= options.OnFailure != BatchFailurePolicy.Undo;
                if (!isGoingOn && endsAtFirst)
                    break;
            }
        }

        return isGoingOn;
    }
}

/// <summary>An interface of a batch.</summary>
/// <param name="name">As it was asked for.</param>
internal sealed class BatchMember(string name)
{
    /// <summary>As it was asked for.</summary>
    public string Name => name;

    /// <summary>The interface, once it is found.</summary>
    public InterfaceReading? Target { get; set; }

    /// <summary>Members of one group share what is got ready; see <see cref="ChangeRequest.Screen"/>.</summary>
    public uint Group { get; set; }

    /// <summary>What became of it; null: nothing yet.</summary>
    public InterfaceOutcome? Outcome { get; set; }
}
