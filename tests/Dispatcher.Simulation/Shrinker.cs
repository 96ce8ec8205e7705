using Dispatcher.Simulation.Engine;

namespace Dispatcher.Simulation;

/// <summary>Makes a finding small enough to be read: fewer processes, fewer requests, fewer switches.</summary>
internal static class Shrinker
{
    private const int TriesPerScenario = 60;

    /// <summary>A finding of the same checker that nothing can be left out of.</summary>
    public static Finding Shrink(Finding finding, Crew crew)
    {
        var smaller = finding;
        while (Smaller(smaller.Scenario).Select(candidate => Search(candidate, smaller, crew)).FirstOrDefault(found => found is not null) is { } found)
            smaller = found;
        return WithFewerChoices(smaller, crew);
    }

    private static IEnumerable<Scenario> Smaller(Scenario scenario)
    {
        foreach (var role in scenario.Cast)
            yield return scenario with { Cast = scenario.Cast.Remove(role) };
        foreach (var role in scenario.Cast.Where(role => role.Intents.Length > 1))
        {
            foreach (var intent in role.Intents)
                yield return scenario with { Cast = scenario.Cast.Replace(role, role with { Intents = role.Intents.Remove(intent) }) };
        }

        if (!scenario.Chain.IsEmpty)
            yield return scenario with { Chain = scenario.Chain[..^1] };
    }

    private static Finding? Search(Scenario scenario, Finding finding, Crew crew)
    {
        for (var seed = 0; seed < TriesPerScenario && !scenario.Cast.IsEmpty; seed++)
        {
            var random = new Random(seed);
            var schedule = new Chance(random, ChanceWeights.Draw(random));
            var found = finding with { Scenario = scenario };
            if (Fails(found, schedule, crew) is { } failure)
                return found with { Choices = [.. schedule.Choices], Failure = failure };
        }

        return null;
    }

    // Chunks of choices are set to "go on", ever smaller ones.
    private static Finding WithFewerChoices(Finding finding, Crew crew)
    {
        var choices = finding.Choices.ToArray();
        for (var size = choices.Length; size > 0; size /= 2)
        {
            for (var start = 0; start < choices.Length; start += size)
            {
                var end = Math.Min(start + size, choices.Length);
                if (choices.AsSpan(start, end - start).IndexOfAnyExcept(0) < 0)
                    continue;
                var tried = choices.ToArray();
                Array.Clear(tried, start, end - start);
                if (Fails(finding, new Chosen(tried), crew) is not null)
                    choices = tried;
            }
        }

        return finding with { Choices = choices };
    }

    private static Exception? Fails(Finding finding, ISchedule schedule, Crew crew)
    {
        using var stage = Stage.Play(finding.Scenario, crew, schedule, finding.MostDisturbances);
        return stage.Run.Failure is { } failure && Finding.CheckerOf(failure) == finding.Checker ? failure : null;
    }
}
