using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>What the attempts at one change share: one attempt alone, or all those of a batch of interfaces.</summary>
/// <param name="kernel">The port.</param>
/// <param name="remembers">Whether what was on the hooks is kept alive, so that it can be put back.</param>
/// <param name="sweepsAtEnd">See <see cref="SweepsAtEnd"/>.</param>
internal sealed class ChangeScope(KernelPort kernel, bool remembers = false, bool sweepsAtEnd = false) : IDisposable
{
    private readonly List<ChangeReversal> _reversals = [];

    /// <summary>What was built.</summary>
    public RevisionPool Revisions { get; } = new(kernel);

    /// <summary>How to take back what was changed, in the order of the changes.</summary>
    public IReadOnlyList<ChangeReversal> Reversals => _reversals;

    /// <summary>Whether what dead processes left is swept once for all interfaces, when they have been changed: the list of all pins is as long as they are many.</summary>
    public bool SweepsAtEnd => sweepsAtEnd;

    /// <summary>Dispatcher on each hook that was changed, by interface index; null: it is empty. Only with <see cref="SweepsAtEnd"/>.</summary>
    public Dictionary<int, ProgramId?> Changed { get; } = [];

    /// <summary>Keeps what a change took from a hook.</summary>
    /// <param name="before">What was read before it; owned from here on when the answer is true.</param>
    /// <param name="made">The change.</param>
    public bool Remember(HookReading before, ChangeResult made)
    {
        if (!remembers || made.Before.Attached == made.After.Attached)
            return false;
        _reversals.Add(new ChangeReversal(before, made.After.Chain is { } chain ? Revisions.Find(chain.DispatcherId) : null, made));
        return true;
    }

    /// <summary>Lets go of what was kept to be put back.</summary>
    public void Forget()
    {
        foreach (var reversal in _reversals)
            reversal.Dispose();
        _reversals.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        Revisions.Dispose();
    }
}
