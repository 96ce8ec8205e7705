using System.Globalization;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>Memory of a process that is resident, in KiB.</summary>
/// <param name="Rss">All of it.</param>
/// <param name="Pss">The same, pages that others have too counted in part.</param>
/// <param name="Anonymous">What is of no file.</param>
internal sealed record ProcessMemory(long Rss, long Pss, long Anonymous)
{
    /// <summary>Reads it.</summary>
    public static ProcessMemory Of(int processId)
    {
        var lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/smaps_rollup"));
        long Number(string name) =>
            long.Parse(lines.First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new ProcessMemory(Number("Rss"), Number("Pss"), Number("Anonymous"));
    }
}
