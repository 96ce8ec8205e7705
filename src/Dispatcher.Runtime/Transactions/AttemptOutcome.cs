namespace Dispatcher.Runtime.Transactions;

/// <summary>How one attempt ended when it did not end in an error: the change is made, or the race was lost.</summary>
/// <param name="Result">The change, when it was made.</param>
/// <param name="Cause">Why not, when it was not.</param>
/// <param name="HookUnchanged">The swap was refused, and yet the hook holds what was read before.</param>
internal readonly record struct AttemptOutcome(ChangeResult? Result, string Cause, bool HookUnchanged)
{
    /// <summary>The change is on the NIC.</summary>
    public static AttemptOutcome Done(ChangeResult result) => new(result, "", false);

    /// <summary>Somebody else was faster; nothing of ours is left.</summary>
    public static AttemptOutcome Lost(string cause, bool hookUnchanged = false) => new(null, cause, hookUnchanged);

    /// <summary>The same, with another picture of the hook as it was.</summary>
    public AttemptOutcome WithBefore(HookStatus before) => this with { Result = Result is null ? null : Result with { Before = before } };
}
