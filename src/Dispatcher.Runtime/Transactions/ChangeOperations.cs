namespace Dispatcher.Runtime.Transactions;

/// <summary>Words for changes in logs and metrics; stable (docs/telemetry.md).</summary>
internal static class ChangeOperations
{
    /// <summary>Components join.</summary>
    public const string Attach = "attach";

    /// <summary>Components leave.</summary>
    public const string Detach = "detach";

    /// <summary>One is exchanged for another version.</summary>
    public const string Replace = "replace";

    /// <summary>Components get another policy.</summary>
    public const string SetPolicy = "set-policy";

    /// <summary>The chain is written in another protocol version.</summary>
    public const string Convert = "convert";

    /// <summary>A program that is held open joins again.</summary>
    public const string Reattach = "reattach";

    /// <summary>A chain that lost pins is mended.</summary>
    public const string Repair = "repair";
}
