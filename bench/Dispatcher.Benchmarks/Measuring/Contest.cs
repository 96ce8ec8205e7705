using System.Collections.Immutable;

namespace Dispatcher.Benchmarks.Measuring;

/// <summary>Contenders that take turns: every round has each of them once, and each round begins with another one.</summary>
/// <remarks>So a slower minute of the machine is a slower minute for all, and the ratio of a round is fair.</remarks>
internal static class Contest
{
    /// <summary>Runs one round that does not count, unless all are known to be warm, then those that do.</summary>
    /// <param name="section">Where the rows belong.</param>
    /// <param name="rounds">How many count.</param>
    /// <param name="contenders">In the order of their first turns.</param>
    /// <param name="areWarm">Whether they have done the same before.</param>
    /// <returns>A row per subject, in the order in which ours told them.</returns>
    public static IEnumerable<Row> Run(string section, int rounds, IReadOnlyList<Contender> contenders, bool areWarm = false)
    {
        foreach (var contender in areWarm ? [] : contenders)
            Take(contender);
        var turns = Enumerable.Range(0, rounds)
            .SelectMany(round => Enumerable.Range(0, contenders.Count).Select(turn => contenders[(round + turn) % contenders.Count]))
            .Select(contender => (Contender: contender, Figures: Take(contender)))
            .ToList();
        var series = turns
            .SelectMany(turn => turn.Figures.Select(figure => (turn.Contender, figure.Subject, figure.Value)))
            .ToLookup(entry => (entry.Contender, entry.Subject), entry => entry.Value);
        return turns.Where(turn => turn.Contender.Role == Role.Ours).SelectMany(turn => turn.Figures).Select(figure => figure.Subject).Distinct()
            .Select(subject => RowOf(section, subject, [.. contenders.Select(contender => (contender, series[(contender, subject)].ToImmutableArray()))]));
    }

    // All at once: whoever measures lazily would take somebody else's turn.
    private static List<Figure> Take(Contender contender) => [.. contender.Measure()];

    private static Row RowOf(string section, Subject subject, List<(Contender Contender, ImmutableArray<double> Values)> all)
    {
        var found = all.Where(one => one.Values.Length > 0).ToList();
        var ours = found.First(one => one.Contender.Role == Role.Ours).Values;
        return new Row(section, subject.What, subject.Unit, subject.Components, ours.Length, Spread.Of(ours).Median,
            [.. found.Where(one => one.Contender.Role == Role.Peer).Select(one => PeerOf(one.Contender.Name, ours, one.Values))],
            found.Where(one => one.Contender.Role == Role.Limit).Select(one => (double?)Spread.Of(one.Values).Median).FirstOrDefault());
    }

    private static PeerFigure PeerOf(string name, ImmutableArray<double> ours, ImmutableArray<double> theirs) =>
        new(name, Spread.Of(theirs).Median, theirs.Contains(0) ? null : Spread.Of([.. ours.Zip(theirs, (our, their) => our / their)]));
}
