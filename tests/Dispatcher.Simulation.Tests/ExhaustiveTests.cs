using Dispatcher.Simulation.Engine;
using Dispatcher.Testing;

namespace Dispatcher.Simulation.Tests;

/// <summary>Every schedule of every small scenario.</summary>
[Collection("all processors")]
public sealed class ExhaustiveTests
{
    [Fact]
    public void No_schedule_of_a_small_scenario_breaks_a_rule()
    {
        var (schedules, states, scenarios) = (0L, 0L, 0);
        foreach (var result in Campaign.Exhaust(""))
        {
            if (result.Finding is { } finding)
            {
                using var crew = new Crew();
                Assert.Fail(finding.Tell(crew));
            }

            schedules += result.Schedules;
            states += result.States;
            scenarios++;
        }

        Assert.InRange(scenarios, 100, int.MaxValue);
        Assert.InRange(schedules, 100_000, long.MaxValue);
        Figures.Print($"exhaustive: {scenarios} scenarios, {schedules} schedules, {states} states, no violation");
    }

    [Fact]
    public void The_same_choices_give_the_same_run()
    {
        using var crew = new Crew();
        var scenario = Scenarios.Ours.First(each => each.Name == "2: attach | convert");
        var choices = Enumerable.Range(0, 200).Select(number => number * 7 % 3).ToList();
        var traces = new List<string>();
        for (var times = 0; times < 2; times++)
        {
            var trace = new Trace();
            using var stage = Stage.Play(scenario, crew, new Chosen(choices), 1, trace);
            traces.Add(trace.Render(stage.Run.Strands));
        }

        Assert.Equal(traces[0], traces[1]);
        Assert.Contains("Swap", traces[0], StringComparison.Ordinal);
    }
}
