namespace Dispatcher.Runtime.Features;

/// <summary>How one check of the host ended.</summary>
public enum DoctorVerdict
{
    /// <summary>It works.</summary>
    Ok,

    /// <summary>It works with limits, or is not needed for most uses.</summary>
    Warning,

    /// <summary>It does not work and is needed.</summary>
    Failed,
}

/// <summary>One check of the host.</summary>
/// <param name="Check">What was tried, for example <c>EXT program load</c>.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Found">What was found, for example a version.</param>
/// <param name="ErrnoText">The errno seen, as text; null when there was none.</param>
/// <param name="Advice">What to do; null when nothing needs doing.</param>
public sealed record DoctorFinding(string Check, DoctorVerdict Verdict, string Found, string? ErrnoText, string? Advice);

/// <summary>Tries each thing that sharing a NIC needs, on objects of its own, and says what it found.</summary>
public static class HostDoctor
{
    /// <summary>Runs all checks; touches no interface, pin or program that it did not make.</summary>
    public static Task<IReadOnlyList<DoctorFinding>> ExamineAsync(XdpDispatcherOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{options}{cancellationToken}");
}
