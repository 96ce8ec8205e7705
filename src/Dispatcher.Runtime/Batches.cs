using System.Collections.Immutable;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime;

/// <summary>What becomes of the other interfaces of a batch when one fails.</summary>
public enum BatchFailurePolicy
{
    /// <summary>All or none: what was changed is put back, and the rest is not tried.</summary>
    Undo,

    /// <summary>As many as possible: what was changed stays, and the rest is tried.</summary>
    KeepGoing,
}

/// <summary>How one change is made on several interfaces.</summary>
public sealed record BatchOptions
{
    /// <summary>What becomes of the others when one fails. Default: <see cref="BatchFailurePolicy.Undo"/>.</summary>
    public BatchFailurePolicy OnFailure { get; init; } = BatchFailurePolicy.Undo;

    /// <summary>Told of each interface as it is done, by the thread that does it; null: nobody is.</summary>
    public IProgress<InterfaceOutcome>? Progress { get; init; }
}

/// <summary>How a change of one interface in a batch ended.</summary>
public enum InterfaceOutcomeKind
{
    /// <summary>It is made.</summary>
    Changed,

    /// <summary>The chain was so already.</summary>
    Unchanged,

    /// <summary>It failed, and nothing was changed.</summary>
    Failed,

    /// <summary>It was made, and put back because another interface failed.</summary>
    Undone,

    /// <summary>It was made, and could not be put back: somebody changed the hook since, or the kernel refused.</summary>
    NotUndone,

    /// <summary>It was not tried, because another interface failed.</summary>
    NotTried,
}

/// <summary>What became of one interface of a batch.</summary>
/// <param name="InterfaceName">Its name.</param>
/// <param name="Kind">How it ended.</param>
public sealed record InterfaceOutcome(string InterfaceName, InterfaceOutcomeKind Kind)
{
    /// <summary>The change as it was made, also when it was put back; null: none was made.</summary>
    public ChangeResult? Result { get; init; }

    /// <summary>Why it failed, or could not be put back; null: it did not, or somebody changed the hook since.</summary>
    public DispatcherException? Failure { get; init; }
}

/// <summary>What a change would do to one interface of several, or why it would be refused there.</summary>
/// <param name="InterfaceName">Its name.</param>
public sealed record InterfacePlan(string InterfaceName)
{
    /// <summary>What would be done; null: it would be refused.</summary>
    public ChangePreview? Preview { get; init; }

    /// <summary>What the change would fail with; null: it would not.</summary>
    public DispatcherException? Refusal { get; init; }
}

/// <summary>What became of every interface of a batch.</summary>
/// <param name="Interfaces">In the order of the request.</param>
public sealed record BatchResult(ImmutableArray<InterfaceOutcome> Interfaces)
{
    /// <summary>Whether the chain of every interface is as it was asked for.</summary>
    public bool Succeeded => Interfaces.All(outcome => outcome.Kind is InterfaceOutcomeKind.Changed or InterfaceOutcomeKind.Unchanged);

    /// <summary>The first failure that ended a change; null: none did.</summary>
    public DispatcherException? FirstFailure => Interfaces.FirstOrDefault(outcome => outcome.Kind == InterfaceOutcomeKind.Failed)?.Failure;
}
