using System.Diagnostics;

namespace Dispatcher.Benchmarks.Measuring;

/// <summary>When a measurement begins.</summary>
internal static class Moment
{
    // Of the VM's kernel, as Debian builds it.
    private const int TicksPerSecond = 250;

    /// <summary>Lets up to one tick of the kernel's timer pass.</summary>
    /// <remarks>
    /// Whoever waits for RCU goes on at a tick. What begins right after another such wait always begins at the same place between two ticks, and whether it
    /// takes three or four of them is decided by the run and not by the round.
    /// </remarks>
    public static void AtRandom()
    {
        var end = Stopwatch.GetTimestamp() + Random.Shared.NextInt64(Stopwatch.Frequency / TicksPerSecond);
        while (Stopwatch.GetTimestamp() < end)
            Thread.SpinWait(100);
    }
}
