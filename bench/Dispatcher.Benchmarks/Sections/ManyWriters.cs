using System.Globalization;
using Dispatcher.Benchmarks.Changes;
using Dispatcher.Benchmarks.Measuring;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Processes that all attach and detach a component of their own on one interface, without pause.</summary>
/// <remarks>
/// A chain has ten slots, so of more than ten processes some are refused for a while: that is counted apart, is no failure, and the process tries
/// again some milliseconds later, as after a failure. All processes are there before the first turn, and those of a turn begin together.
/// </remarks>
internal sealed class ManyWriters : Section
{
    private static readonly int[] Counts = [1, 4, 16, 64];

    /// <inheritdoc/>
    public override string Name => "writers";

    /// <inheritdoc/>
    public override string Title => "Processes that attach and detach on one interface without pause (each its own component; ours: native code, as the command is; refused as full: all ten slots were taken, no failure)";

    /// <inheritdoc/>
    public override Place Place => Place.Vm;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        List<Crowd> crowds = [new(Role.Ours, "ours", bench.OurNativeActor()), .. bench.Peers.Select(peer => new Crowd(Role.Peer, peer.Name, bench.PeerActor(peer)))];
        try
        {
            return [.. Counts.Where(count => count < 64 || !bench.IsQuick).SelectMany(count => Run(bench, crowds, count))];
        }
        finally
        {
            crowds.ForEach(crowd => crowd.Dispose());
        }
    }

    private List<Row> Run(Bench bench, List<Crowd> crowds, int count)
    {
        Console.Error.WriteLine($"      {Processes(count)}");
        var errors = crowds.ToDictionary(crowd => crowd, _ => new SortedDictionary<string, int>(StringComparer.Ordinal));
        crowds.ForEach(crowd => crowd.GrowTo(count, bench.PassObject));
        var duration = TimeSpan.FromSeconds(1);
        List<Row> rows = [.. Contest.Run(Title, bench.Rounds(count < 64 ? 9 : 7), [.. crowds.Select(crowd => new Contender(crowd.Role, crowd.Name, () => Figures(crowd.Churn(count, duration, bench.PassObject), errors[crowd])))], areWarm: true)];
        string[] lines = [.. errors.Where(each => each.Value.Count > 0).Select(each => $"{each.Key.Name}: {string.Join(", ", each.Value.Select(error => $"{error.Key}: {error.Value} times"))}")];
        if (lines.Length > 0)
            bench.Notes.Add(new Note(Name, $"Failures of {Processes(count)}, by errno or exception, of all rounds", lines));
        return rows;
    }

    private static IEnumerable<Figure> Figures(List<ChurnAnswer> answers, SortedDictionary<string, int> errors)
    {
        foreach (var (error, times) in answers.SelectMany(answer => answer.Errors))
            errors[error] = errors.GetValueOrDefault(error) + times;

        var processes = Processes(answers.Count);
        var changes = (double)Math.Max(1, answers.Sum(answer => answer.Changes));
        yield return Of("time per change", "ms", answers.Max(answer => answer.TotalMs) / changes);
        yield return Of("longest change", "ms", answers.Max(answer => answer.LongestMs));
        if (answers.Sum(answer => answer.Attempts) is { } attempts && answers.All(answer => answer.Attempts is not null))
            yield return Of("attempts per change", "attempts", attempts / changes);
        yield return Of("failures per change", "failures", answers.Sum(answer => answer.Errors.Values.Sum()) / changes);
        if (answers.Count == 1)
            yield break;
        yield return Of("refused as full per change", "refusals", answers.Sum(answer => answer.Full) / changes);
        // A process without any change counts as one with one here, and is counted in the line after it.
        yield return Of("fastest over slowest process", "ratio", answers.Max(answer => answer.Changes) / (double)Math.Max(1, answers.Min(answer => answer.Changes)));
        yield return Of("without any change", "processes", answers.Count(answer => answer.Changes == 0));

        Figure Of(string what, string unit, double value) => new(new Subject($"{what}, {processes}", unit), value);
    }

    private static string Processes(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} process{(count == 1 ? "" : "es")}");
}
