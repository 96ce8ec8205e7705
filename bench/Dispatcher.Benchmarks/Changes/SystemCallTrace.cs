using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Changes;

/// <summary>A system call that ended.</summary>
/// <param name="Name">For example <c>bpf PROG_LOAD</c>.</param>
/// <param name="Time">From its entry to its exit.</param>
internal sealed record SystemCall(string Name, TimeSpan Time);

/// <summary>A change and the calls it made.</summary>
/// <param name="Time">From start to end.</param>
/// <param name="Calls">In the order of their ends.</param>
internal sealed record TracedChange(TimeSpan Time, IReadOnlyList<SystemCall> Calls);

/// <summary>The kernel's own trace of the system calls of one process, which slows it down far less than strace does. Needs root.</summary>
/// <remarks>Kernel: tracefs with events/raw_syscalls. Threads that neither speak bpf(2) nor send anything are left out: they wait.</remarks>
internal sealed partial class SystemCallTrace : IDisposable
{
    private const string Folder = "/sys/kernel/tracing";

    private readonly CallNames _names = CallNames.Read();

    /// <summary>Gets ready.</summary>
    /// <param name="processId">Whose calls.</param>
    public SystemCallTrace(int processId)
    {
        if (!File.Exists($"{Folder}/trace"))
            new ToolRequest("mount", "-t", "tracefs", "tracefs", Folder).Run();
        Set("buffer_size_kb", "8192");
        Set("trace_clock", "mono");
        Set("options/event-fork", "1");
        var threads = Directory.EnumerateDirectories($"/proc/{processId}/task").Select(Path.GetFileName);
        Set("set_event_pid", string.Join(' ', threads));
        Set("events/raw_syscalls/enable", "1");
    }

    /// <summary>What is called during a change.</summary>
    /// <param name="change">Makes it and tells what it took.</param>
    public TracedChange During(Func<ChangeCost> change)
    {
        var start = Now();
        var time = TimeSpan.FromMilliseconds(change().Milliseconds);
        return new TracedChange(time, Read(File.ReadLines($"{Folder}/trace"), start, Now()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Set("events/raw_syscalls/enable", "0");
        Set("set_event_pid", "");
    }

    private static void Set(string name, string value) => File.WriteAllText($"{Folder}/{name}", value + "\n");

    // The clock that the kernel stamps events with.
    private static double Now() => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    // Calls that began before the change or ended after it are those of threads that wait.
    private List<SystemCall> Read(IEnumerable<string> lines, double start, double end)
    {
        var entered = new Dictionary<int, (string Name, double Time)>();
        var ended = new List<(int Thread, SystemCall Call)>();
        foreach (var match in lines.Select(line => Event().Match(line)).Where(match => match.Success))
        {
            var thread = Whole(match, 1);
            var time = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            if (time < start || time > end)
                continue;
            if (match.Groups[3].Value == "enter")
                entered[thread] = (_names.Of(Whole(match, 4), match.Groups[5].Value), time);
            else if (entered.Remove(thread, out var call))
                ended.Add((thread, new SystemCall(call.Name, TimeSpan.FromSeconds(time - call.Time))));
        }

        var workers = ended.Where(one => one.Call.Name.StartsWith("bpf ", StringComparison.Ordinal)).Select(one => one.Thread).ToHashSet();
        return [.. ended.Where(one => workers.Contains(one.Thread) && one.Call.Name is not CallNames.OfLineProtocol).Select(one => one.Call)];
    }

    private static int Whole(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-(\d+)\s+\[\d+\]\s+\S+\s+(\d+\.\d+): sys_(enter|exit): NR (-?\d+) (?:\(([0-9a-f]+)|=)")]
    private static partial Regex Event();
}
