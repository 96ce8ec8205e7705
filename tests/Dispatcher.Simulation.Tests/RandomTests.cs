using Dispatcher.Simulation.Engine;
using Dispatcher.Testing;

namespace Dispatcher.Simulation.Tests;

/// <summary>Scenarios and schedules by chance, from fixed seeds.</summary>
[Collection("all processors")]
public sealed class RandomTests
{
    private const int Runs = 5000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Seeds that find something when its mend is taken back (<c>eng/mutants</c> has the first two), with what it is.</summary>
    public static TheoryData<int, string> Found => new()
    {
        { 823, "pins that somebody without the lock takes away while they are made: an errno, where another attempt is due" },
        { 2314, "the same, in a detach" },
        { 31612501, "a chain said to be broken by a look without the lock, while the process with the lock pins again what a clean-up took" },
        { 31958650, "the same, over a chain of version 3" },
    };

    [Fact]
    public void No_random_run_breaks_a_rule()
    {
        var result = Campaign.Randomly(1, Longest, Runs);
        if (result.Findings.Count > 0)
        {
            using var crew = new Crew();
            Assert.Fail($"seed {result.Findings[0].Seed}\n{Shrinker.Shrink(result.Findings[0].Finding, crew).Tell(crew)}");
        }

        Assert.Equal(Runs, result.Runs);
        Figures.Print($"random: {result.Runs} runs, {result.Calls} calls, no violation");
    }

    [Theory]
    [MemberData(nameof(Found))]
    public void What_a_seed_found_once_is_not_there_any_more(int seed, string what)
    {
        using var crew = new Crew();
        var (calls, finding) = Explorer.Try(seed, crew);
        Assert.NotEqual(0, calls);
        Assert.True(finding is null, $"{what}: {finding?.Failure.Message}");
    }
}
