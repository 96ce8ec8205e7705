namespace Dispatcher.Runtime;

/// <summary>Finds the sentence that matters in a log of the verifier.</summary>
internal static class VerifierLog
{
    /// <summary>Whether an errno adds nothing to the log: by these two the verifier refuses, whoever asks.</summary>
    public static bool SaysMoreThan(int errno) => errno is Errno.EACCES or Errno.EINVAL;

    // From 7.x on the kernel explains a refusal in a report of many lines behind the line that older kernels end with.
    private const string Report = "Verification failed:";
    private const string SourceMark = "; ";
    private const string UnknownHelper = "invalid func unknown#";
    private const string OtherContext = "is not a pointer to context";

    /// <summary>The line that says why, the same on every kernel that refuses for the same reason.</summary>
    /// <param name="log">The whole log.</param>
    /// <returns>"no log" when there is nothing in it.</returns>
    public static string LastUsefulLine(string log) => log
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .TakeWhile(line => !line.StartsWith(Report, StringComparison.Ordinal))
        .LastOrDefault(line => !IsDetail(line)) ?? "no log";

    /// <summary>
    /// The line of the program's source that the verifier looked at last: <c>data[14] = 0;</c>, from Linux 6.9 on with its place,
    /// <c>data[14] = 0; @ firewall.c:34</c>. Null: the object has no line information.
    /// </summary>
    /// <param name="log">The whole log.</param>
    public static string? LastSourceLine(string log) => log
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .TakeWhile(line => !line.StartsWith(Report, StringComparison.Ordinal))
        .LastOrDefault(line => line.StartsWith(SourceMark, StringComparison.Ordinal))?[SourceMark.Length..];

    /// <summary>What the reason means where it does not say so itself; null: it does.</summary>
    /// <param name="reason">See <see cref="LastUsefulLine"/>.</param>
    public static string? Meaning(string reason) => reason switch
    {
        _ when reason.StartsWith(UnknownHelper, StringComparison.Ordinal) => $"this kernel has no helper function {reason[UnknownHelper.Length..]}, and a newer one has",
        _ when reason.Contains(OtherContext, StringComparison.Ordinal) => "an XDP program takes one argument, a struct xdp_md *",
        _ => null,
    };

    // What it took, and of a loop without end the registers of two rounds.
    private static bool IsDetail(string line) =>
        line.StartsWith("cur state:", StringComparison.Ordinal)
        || line.StartsWith("old state:", StringComparison.Ordinal)
        || line.StartsWith("processed ", StringComparison.Ordinal)
        || line.StartsWith("verification time ", StringComparison.Ordinal)
        || line.StartsWith("stack depth ", StringComparison.Ordinal);
}
