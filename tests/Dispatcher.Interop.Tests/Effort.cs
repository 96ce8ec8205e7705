using System.Globalization;

namespace Dispatcher.Interop.Tests;

/// <summary>How long races and storms go on: short in a suite, long by <c>eng/storm</c>, which sets the variables.</summary>
internal static class Effort
{
    /// <summary>Rounds of a race.</summary>
    public static int Rounds { get; } = Read("XDP_STORM_ROUNDS", 4);

    /// <summary>Length of a storm.</summary>
    public static TimeSpan Storm { get; } = TimeSpan.FromSeconds(Read("XDP_STORM_SECONDS", 8));

    /// <summary>Processes killed at a random moment.</summary>
    public static int Kills { get; } = Read("XDP_STORM_KILLS", 10);

    /// <summary>Of the system calls of a change, every so many-th is one to be killed before.</summary>
    public static int KillStride { get; } = Read("XDP_STORM_STRIDE", 12);

    /// <summary>Changes of a chain under a flood of packets.</summary>
    public static int Swaps { get; } = Read("XDP_STORM_SWAPS", 20);

    /// <summary>Where chance starts; printed, so that a run can be repeated.</summary>
    public static int Seed { get; } = Read("XDP_STORM_SEED", Environment.TickCount & 0xffff);

    /// <summary>Skips what takes minutes, unless one of the commands that run it asks for it.</summary>
    public static void IsForLongRuns() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("XDP_LONG_RUN") == "1", "a long run, which eng/storm and eng/conformance make");

    private static int Read(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
