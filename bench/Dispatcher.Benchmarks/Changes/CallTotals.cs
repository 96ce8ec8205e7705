namespace Dispatcher.Benchmarks.Changes;

/// <summary>System calls by name, counted and summed.</summary>
internal sealed class CallTotals
{
    private readonly Dictionary<string, (int Count, TimeSpan Time)> _calls = [];

    /// <summary>Those that there were.</summary>
    public IEnumerable<string> Names => _calls.Keys;

    /// <summary>All together.</summary>
    public (int Count, TimeSpan Time) Sum =>
        (_calls.Values.Sum(calls => calls.Count), TimeSpan.FromTicks(_calls.Values.Sum(calls => calls.Time.Ticks)));

    /// <summary>What the changes took from start to end, whether in a system call or not.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Adds what was traced.</summary>
    public void Add(TracedChange change)
    {
        Elapsed += change.Time;
        foreach (var call in change.Calls)
        {
            var (count, time) = Of(call.Name);
            _calls[call.Name] = (count + 1, time + call.Time);
        }
    }

    /// <summary>Those of one name.</summary>
    public (int Count, TimeSpan Time) Of(string name) => _calls.GetValueOrDefault(name);
}
