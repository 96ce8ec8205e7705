using Dispatcher.Benchmarks.Measuring;

namespace Dispatcher.Benchmarks.Reports;

/// <summary>Whether two runs say the same: each median ratio of an earlier run against the spread of this one.</summary>
internal static class Comparison
{
    // With r rounds the median of another run lies outside of them with a chance of 2 to the power of 1 - r, however little they differ: with five one in
    // sixteen. So it is told how far, and what is closer than anybody decides by is counted apart.
    private const double Close = 0.02;

    private readonly record struct Key(string Section, string What, int? Components, string Peer);

    /// <summary>Prints how many medians lie within the spread, and those that do not.</summary>
    public static void Print(Report earlier, Report report, TextWriter output)
    {
        var before = RatiosOf(earlier).ToDictionary(each => each.Key, each => each.Ratio.Median);
        var pairs = RatiosOf(report).Where(each => before.ContainsKey(each.Key)).Select(each => (each.Key, each.Ratio, Before: before[each.Key])).ToList();
        var outside = pairs.Where(pair => pair.Ratio.DistanceOf(pair.Before) > 0).ToList();
        var far = outside.Where(pair => pair.Ratio.DistanceOf(pair.Before) > Close).ToList();
        output.WriteLine();
        output.WriteLine(
            $"Beside the run of commit {earlier.Machine.Commit}: {pairs.Count - outside.Count} of {pairs.Count} medians lie within the spread of this run, {outside.Count - far.Count} more within {Close:0 %} of it, {far.Count} further away.");
        foreach (var (key, ratio, was) in outside)
            output.WriteLine($"  {key.What}{(key.Components is { } count ? $", {count} components" : "")}, beside {key.Peer}: {Cells.Ratio(ratio)}, was {Cells.Ratio(new Spread(was, was, was))}, {ratio.DistanceOf(was):0.0 %} outside");
    }

    private static IEnumerable<(Key Key, Spread Ratio)> RatiosOf(Report report) =>
        from row in report.Rows
        from peer in row.Peers
        where peer.Ratio is not null
        select (new Key(row.Section, row.What, row.Components, peer.Name), peer.Ratio);
}
