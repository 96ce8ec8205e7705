using System.Diagnostics;
using System.Globalization;

namespace Dispatcher.Fuzzing.Running;

/// <summary>Time that the calling thread had a processor, whatever else runs on the machine.</summary>
internal static class ThreadTime
{
    // First number: nanoseconds on a processor.
    private const string Path = "/proc/thread-self/schedstat";

    /// <summary>Since the thread began; where the kernel does not count it, the time of a clock.</summary>
    public static TimeSpan Now()
    {
        try
        {
            return TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(Path).Split(' ')[0], CultureInfo.InvariantCulture) / 1000);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return Stopwatch.GetElapsedTime(0);
        }
    }
}
