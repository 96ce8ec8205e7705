namespace Dispatcher.Benchmarks.Changes;

/// <summary>System calls by name, counted and summed.</summary>
internal sealed class CallTotals
{
    private readonly Dictionary<string, (int Count, TimeSpan Time)> _calls = [];

    /// <summary>Those that there were.</summary>
    public IEnumerable<string> Names => _calls.Keys;

    /// <summary>What the changes took from start to end, whether in a system call or not.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Adds what was traced.</summary>
    public void Add(TracedChange change)
    {
        Elapsed += change.Time;
        foreach (var call in change.Calls)
        {
            var (count, time) = _calls.GetValueOrDefault(call.Name);
            _calls[call.Name] = (count + 1, time + call.Time);
        }
    }

    /// <summary>Those of some names together.</summary>
    public (int Count, TimeSpan Time) Of(IReadOnlyList<string> names) => (
        names.Sum(name => _calls.GetValueOrDefault(name).Count), TimeSpan.FromTicks(names.Sum(name => _calls.GetValueOrDefault(name).Time.Ticks)));
}
