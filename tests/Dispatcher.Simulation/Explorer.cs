using Dispatcher.Simulation.Engine;

namespace Dispatcher.Simulation;

/// <summary>What an exploration came to.</summary>
/// <param name="Scenario">Of what.</param>
/// <param name="Schedules">Runs made.</param>
/// <param name="States">Different states met.</param>
/// <param name="Calls">Calls made in all.</param>
/// <param name="Finding">The first violation, or null.</param>
internal sealed record Exploration(Scenario Scenario, int Schedules, int States, long Calls, Finding? Finding);

/// <summary>A violation, and how to see it again.</summary>
/// <param name="Scenario">In what.</param>
/// <param name="Choices">The schedule.</param>
/// <param name="MostDisturbances">Faults and deaths allowed.</param>
/// <param name="Failure">What was found.</param>
internal sealed record Finding(Scenario Scenario, IReadOnlyList<int> Choices, int MostDisturbances, Exception Failure)
{
    /// <summary>Which checker; or what was thrown where nothing should be.</summary>
    public string Checker => CheckerOf(Failure);

    /// <summary>The checker that threw it; or what was thrown where nothing should be.</summary>
    public static string CheckerOf(Exception failure) => (failure as Checkers.ViolationException)?.Checker ?? failure.GetType().Name;

    /// <summary>The scenario, who asked for what with what outcome, the calls in columns, and what was found.</summary>
    public string Tell(Crew crew)
    {
        var trace = new Trace();
        using var stage = Stage.Play(Scenario, crew, new Chosen(Choices), MostDisturbances, trace);
        var text = new System.Text.StringBuilder();
        text.AppendLine($"{Scenario.Name}: chain of version {(int)Scenario.Version} with {(Scenario.Chain.IsEmpty ? "nothing" : string.Join(' ', Scenario.Chain))} on {Scenario.Interfaces} interface(s)");
        text.AppendLine(trace.Render(stage.Run.Strands));
        foreach (var deed in stage.Ledger.Deeds)
            text.AppendLine(deed.ToString());
        return text.AppendLine($"{Checker}: {Failure.Message}").ToString();
    }
}

/// <summary>Explores scenarios.</summary>
internal static class Explorer
{
    /// <summary>Every schedule of a scenario.</summary>
    /// <param name="scenario">Small.</param>
    /// <param name="crew">Threads.</param>
    /// <param name="mostDisturbances">Faults and deaths in one run.</param>
    public static Exploration Exhaust(Scenario scenario, Crew crew, int mostDisturbances)
    {
        var schedule = new Exhaustive(scenario.IsSymmetric);
        var (schedules, calls) = (0, 0L);
        do
        {
            var (made, found) = Play(scenario, crew, schedule, mostDisturbances);
            schedules++;
            calls += made;
            if (found is { } failure)
                return new Exploration(scenario, schedules, schedule.States, calls, new Finding(scenario, schedule.Choices, mostDisturbances, failure));
        }
        while (schedule.Advance());
        return new Exploration(scenario, schedules, schedule.States, calls, null);
    }

    /// <summary>The run of one seed.</summary>
    /// <returns>Calls made, and the finding or null.</returns>
    public static (int Calls, Finding? Finding) Try(int seed, Crew crew)
    {
        var (scenario, schedule, most) = RandomScenario.Of(seed);
        var (calls, failure) = Play(scenario, crew, schedule, most);
        return (calls, failure is null ? null : new Finding(scenario, [.. schedule.Choices], most, failure));
    }

    private static (int Calls, Exception? Failure) Play(Scenario scenario, Crew crew, ISchedule schedule, int most)
    {
        try
        {
            using var stage = Stage.Play(scenario, crew, schedule, most);
            return (stage.Run.Calls, stage.Run.Failure);
        }
        catch (Checkers.ViolationException unprepared)
        {
            return (0, unprepared);
        }
    }
}
