using System.Collections.Concurrent;
using System.Diagnostics;
using Dispatcher.Simulation.Actors;
using Dispatcher.Simulation.Engine;

namespace Dispatcher.Simulation;

/// <summary>What a random campaign came to.</summary>
/// <param name="Runs">Seeds tried.</param>
/// <param name="Calls">Calls made in all.</param>
/// <param name="Findings">By seed.</param>
internal sealed record RandomCampaign(int Runs, long Calls, IReadOnlyList<(int Seed, Finding Finding)> Findings);

/// <summary>Many explorations, as many at a time as there are processors.</summary>
internal static class Campaign
{
    private const int RandomRunsOfAHunt = 500;

    private static IEnumerable<(Scenario Scenario, int Most)> All =>
    [
        .. Scenarios.Alone.Select(scenario => (scenario, 2)),
        .. Scenarios.Ours.Select(scenario => (scenario, 1)),
        .. Scenarios.Present.Select(scenario => (scenario, 1)),
        .. Scenarios.Rivals.Select(scenario => (scenario, MostBeside(scenario))),
        .. Scenarios.Batches.Select(scenario => (scenario, MostOf(scenario))),
    ];

    // A rival on a chain of two has too many schedules for faults on top.
    private static int MostBeside(Scenario rival) => rival.Chain.Length > 1 || rival.HasLawlessCleaner ? 0 : 1;

    // A change of two interfaces is twice as long: faults only where there is no chain yet, or none is built.
    private static int MostOf(Scenario batch) =>
        batch.Cast[1] is { Part: Part.Ours, Intents: [not BatchIntent and not CleanIntent] } && (batch.Chain.IsEmpty || batch.Cast[0].Intents[0].Adds.IsEmpty) ? 1 : 0;

    /// <summary>Every schedule of the small scenarios whose name holds a text: pairs with one fault or death, single processes with two.</summary>
    /// <returns>Results as they come.</returns>
    public static IEnumerable<Exploration> Exhaust(string filter)
    {
        using var results = new BlockingCollection<Exploration>();
        var work = new ConcurrentQueue<(Scenario Scenario, int Most)>(All.Where(each => each.Scenario.Name.Contains(filter, StringComparison.Ordinal)));
        var threads = Start(crew =>
        {
            while (work.TryDequeue(out var next))
                results.Add(Explorer.Exhaust(next.Scenario, crew, next.Most));
        });
        var end = Task.WhenAll(threads).ContinueWith(_ => results.CompleteAdding(), TaskScheduler.Default);
        foreach (var result in results.GetConsumingEnumerable())
            yield return result;
        end.Wait();
    }

    /// <summary>Seed after seed until the time is over.</summary>
    public static RandomCampaign Randomly(int firstSeed, TimeSpan duration, int mostRuns)
    {
        var clock = Stopwatch.StartNew();
        var (next, calls, runs) = (firstSeed - 1, 0L, 0);
        var findings = new ConcurrentQueue<(int, Finding)>();
        Task.WaitAll(Start(crew =>
        {
            while (clock.Elapsed < duration && Interlocked.Increment(ref runs) <= mostRuns)
            {
                var seed = Interlocked.Increment(ref next);
                var (made, finding) = Explorer.Try(seed, crew);
                Interlocked.Add(ref calls, made);
                if (finding is not null)
                    findings.Enqueue((seed, finding));
            }
        }));
        return new RandomCampaign(Math.Min(runs, mostRuns), calls, [.. findings.OrderBy(each => each.Item1)]);
    }

    /// <summary>Looks for a violation until there is one: by chance first, then in every schedule of the small scenarios.</summary>
    /// <returns>Schedules tried, and the finding or null.</returns>
    public static (int Schedules, Finding? Finding) Hunt()
    {
        using var crew = new Crew();
        for (var seed = 0; seed < RandomRunsOfAHunt; seed++)
        {
            if (Explorer.Try(seed, crew).Finding is { } finding)
                return (seed + 1, finding);
        }

        var schedules = RandomRunsOfAHunt;
        // Undisturbed ones first: they are few.
        foreach (var (scenario, most) in All.Select(each => each with { Most = 0 }).Concat(All))
        {
            var result = Explorer.Exhaust(scenario, crew, most);
            schedules += result.Schedules;
            if (result.Finding is { } finding)
                return (schedules, finding);
        }

        return (schedules, null);
    }

    private static Task[] Start(Action<Crew> work) =>
    [
        .. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var crew = new Crew();
                work(crew);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)),
    ];
}
