using System.Collections.Immutable;

namespace Dispatcher.Runtime;

/// <summary>What a guard found or did.</summary>
public enum GuardReportKind
{
    /// <summary>All programs are in the chain, as they were found or as the guard attached them.</summary>
    InPlace,

    /// <summary>Programs are missing, and the policy says to leave it so.</summary>
    Missing,

    /// <summary>Programs were missing and are attached again, or for the first time.</summary>
    Restored,

    /// <summary>Another process put a new version of a program in its place; that one is guarded from now on.</summary>
    Superseded,

    /// <summary>A program that was found in the chain is another build than the one to guard: it is guarded as it is; a replace puts the other in its place.</summary>
    AnotherBuild,

    /// <summary>An attempt to attach failed, and another one follows if the budget allows; or what the guard was to do when it was stopped.</summary>
    Failed,

    /// <summary>The chain had lost pins: what was alive is pinned again, and what was dead left it, to be attached again.</summary>
    Mended,

    /// <summary>Something else holds the hook, a broken chain is not to be mended, or the interface is not there: nothing is done about it until that changes.</summary>
    Blocked,

    /// <summary>The attempts of the window are used up: the guard ends, and what is there stays.</summary>
    GaveUp,

    /// <summary>The guard was stopped, and took its programs out: see <see cref="XdpGuardOptions.DetachWhenStopped"/>.</summary>
    Detached,
}

/// <summary>A report of a guard.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Time">When, by the wall clock.</param>
/// <param name="Message">For people: a sentence without full stop, names escaped.</param>
/// <param name="Programs">Function names it is about.</param>
public sealed record GuardReport(GuardReportKind Kind, DateTimeOffset Time, string Message, ImmutableArray<string> Programs)
{
    /// <summary>One line, such as <c>Restored: attached: xdp_firewall</c>.</summary>
    public override string ToString() => $"{Kind}: {Message}";

    /// <summary>The change of the chain that it follows; null: there is none.</summary>
    public ChainEvent? Cause { get; init; }

    /// <summary>Why an attempt failed.</summary>
    public Exception? Failure { get; init; }
}
