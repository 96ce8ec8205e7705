using System.Globalization;

namespace Dispatcher.Benchmarks.Changes;

/// <summary>Where the time of a change goes: every system call by count and time, for all who make it.</summary>
internal static class ChangeProfile
{
    private const int Length = 5;
    private const double LeastShare = 0.01;
    private const int WidthOfName = 30;
    private const int WidthOfColumn = 20;

    /// <summary>Attaches a fifth component and detaches it again, while the kernel traces.</summary>
    /// <returns>A table for each of both.</returns>
    public static IEnumerable<(string Heading, IReadOnlyList<string> Lines)> Take(Bench bench, IReadOnlyList<ChainOwner> owners)
    {
        var rounds = bench.Rounds(10);
        var profiles = owners.Select(owner => Take(bench, owner, rounds)).ToList();
        yield return Table($"attach the {Length}th", owners, rounds, [.. profiles.Select(both => both.Attach)]);
        yield return Table($"detach one of {Length}", owners, rounds, [.. profiles.Select(both => both.Detach)]);
    }

    private static (CallTotals Attach, CallTotals Detach) Take(Bench bench, ChainOwner owner, int rounds)
    {
        var others = Enumerable.Range(1, Length - 1).Select(_ => owner.Attach(bench.PassObject).Id).ToList();
        var (attach, detach) = (new CallTotals(), new CallTotals());
        using (var trace = new SystemCallTrace(owner.ProcessId))
        {
            for (var round = 0; round < rounds; round++)
            {
                var id = 0L;
                attach.Add(trace.During(() =>
                {
                    (id, var cost) = owner.Attach(bench.PassObject);
                    return cost;
                }));
                detach.Add(trace.During(() => owner.Detach(id)));
            }
        }

        others.ForEach(id => owner.Detach(id));
        return (attach, detach);
    }

    private static (string Heading, IReadOnlyList<string> Lines) Table(string change, IReadOnlyList<ChainOwner> owners, int rounds, CallTotals[] totals)
    {
        var (shown, others) = Split(totals);
        List<string> lines =
        [
            $"{"calls, microseconds",-WidthOfName}" + string.Concat(owners.Select(owner => owner.Name.PadLeft(WidthOfColumn))),
            .. shown.Select(name => $"{name,-WidthOfName}" + string.Concat(totals.Select(total => Cell(total.Of([name]), rounds)))),
            $"{"others",-WidthOfName}" + string.Concat(totals.Select(total => Cell(total.Of(others), rounds))),
            $"{"all system calls",-WidthOfName}" + string.Concat(totals.Select(total => Cell(total.Of([.. shown, .. others]), rounds))),
            $"{"the change, start to end",-WidthOfName}" + string.Concat(totals.Select(total => Cell((rounds, total.Elapsed), rounds))),
        ];
        return ($"System calls of one change, {change} (mean of {rounds}, traced)", lines);
    }

    // Those that make a difference to anybody, the most expensive of ours first.
    private static (IReadOnlyList<string> Shown, IReadOnlyList<string> Others) Split(CallTotals[] totals)
    {
        var names = totals.SelectMany(total => total.Names).Distinct().ToList();
        var shown = names.Where(name => totals.Any(total => total.Of([name]).Time > total.Of(names).Time * LeastShare))
            .OrderByDescending(name => totals[0].Of([name]).Time).ThenByDescending(name => totals.Max(total => total.Of([name]).Time)).ToList();
        return (shown, [.. names.Except(shown)]);
    }

    private static string Cell((int Count, TimeSpan Time) calls, int rounds) => calls.Count == 0
        ? "-".PadLeft(WidthOfColumn)
        : string.Create(CultureInfo.InvariantCulture, $"{(double)calls.Count / rounds:0.#} x, {calls.Time.TotalMicroseconds / rounds:N0}").PadLeft(WidthOfColumn);
}
