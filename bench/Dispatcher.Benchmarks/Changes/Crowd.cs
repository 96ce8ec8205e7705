using System.Diagnostics;
using System.Globalization;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Changes;

/// <summary>Processes of one implementation that change one chain at the same time; each is started once.</summary>
/// <param name="role">Ours or a peer.</param>
/// <param name="name">For the head of a column.</param>
/// <param name="command">What to start.</param>
internal sealed class Crowd(Role role, string name, ToolRequest command) : IDisposable
{
    private readonly List<LineProcess> _processes = [];

    /// <summary>Ours or a peer.</summary>
    public Role Role { get; } = role;

    /// <summary>For the head of a column.</summary>
    public string Name { get; } = name;

    /// <summary>Has so many processes ready, at least, each of which has attached and detached before.</summary>
    /// <param name="count">How many.</param>
    /// <param name="path">The component.</param>
    public void GrowTo(int count, string path)
    {
        using var nic = new Nic();
        // One after the other: many at once take so long on one processor that the first seems dead.
        while (_processes.Count < count)
        {
            var process = command.Start();
            _processes.Add(process);
            process.WaitUntilReady();
            process.Ask($"churn {nic.Name} 1 {path}").OrFail();
        }
    }

    /// <summary>So many of them attach and detach one component each, without pause, on an interface that is made for this.</summary>
    /// <param name="count">At most those that are ready.</param>
    /// <param name="duration">How long.</param>
    /// <param name="path">The component.</param>
    public List<ChurnAnswer> Churn(int count, TimeSpan duration, string path)
    {
        using var nic = new Nic();
        var chosen = _processes.Take(count).ToList();
        // Long enough that all of them have read their command by then.
        var moment = Stopwatch.GetTimestamp() + Stopwatch.Frequency * (10 + count) / 40;
        foreach (var process in chosen)
            process.Say($"at {moment} churn {nic.Name} {(int)duration.TotalMilliseconds} {path}");
        return [.. chosen.Select(process => ChurnAnswer.Of(process.Hear().OrFail()))];
    }

    /// <inheritdoc/>
    public void Dispose() => _processes.ForEach(process => process.Dispose());
}

/// <summary>What one process of a crowd counted.</summary>
/// <param name="Changes">Attaches and detaches that were made.</param>
/// <param name="Attempts">That they took; null: it does not tell.</param>
/// <param name="Full">Attaches refused since the chain was full.</param>
/// <param name="Errors">Other failures, by errno or name.</param>
/// <param name="LongestMs">The longest change.</param>
/// <param name="TotalMs">From its first to its last one.</param>
internal sealed record ChurnAnswer(long Changes, long? Attempts, long Full, IReadOnlyDictionary<string, int> Errors, double LongestMs, double TotalMs)
{
    /// <summary>Reads an answer to <c>churn</c>.</summary>
    public static ChurnAnswer Of(LineAnswer answer) => new(
        answer.Number("changes"),
        answer.Values.ContainsKey("attempts") ? answer.Number("attempts") : null,
        answer.Number("full"),
        answer.Value("errors").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split(':')).ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture)),
        answer.Number("longest") / 1e6,
        answer.Number("ns") / 1e6);
}
