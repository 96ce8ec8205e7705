using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler.Model;
using Dispatcher.Simulation.Actors;
using Dispatcher.Simulation.Engine;

namespace Dispatcher.Simulation;

/// <summary>Draws scenarios: two to six processes with one to three requests each, on one to three interfaces.</summary>
internal static class RandomScenario
{
    private const int MostInterfaces = 3;
    private const int SeedOfBatches = 0x5eed;
    private static readonly ImmutableArray<string> Residents = [Scenario.Firewall, "ids", "counter"];

    /// <summary>The scenario of a seed, and the schedule to play it by.</summary>
    public static (Scenario Scenario, Chance Schedule, int MostDisturbances) Of(int seed)
    {
        var random = new Random(seed);
        var scenario = Join(Exchange(Draw(random, seed), new Random(~seed)), new Random(seed ^ SeedOfBatches));
        var most = scenario.HasLawlessCleaner ? 0 : random.Next(4);
        return (scenario, new Chance(random, ChanceWeights.Draw(random)), most);
    }

    private static Scenario Draw(Random random, int seed)
    {
        var interfaces = random.Next(3) == 0 ? 1 + random.Next(MostInterfaces) : 1;
        var chain = Residents[..random.Next(Residents.Length + 1)];
        // Clean-ups harm libxdp, which is not what is looked for here: rivals clean up, or attach.
        var (hasRivals, rivalsClean) = (random.Next(3) == 0, random.Next(2) == 0);
        var cast = ImmutableArray.CreateBuilder<Role>();
        for (var left = 2 + random.Next(5); left > 0; left--)
        {
            var part = hasRivals && random.Next(2) == 0 ? random.Next(3) == 0 ? Part.Brute : random.Next(2) == 0 ? Part.Libxdp13 : Part.Libxdp16 : Part.Ours;
            var name = string.Create(CultureInfo.InvariantCulture, $"{(part == Part.Ours ? "ours" : part.ToString())}-{cast.Count}");
            cast.Add(new Role(name, part, [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Request(random, part, cast.Count, interfaces, chain, rivalsClean))]));
        }

        return new Scenario(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"), chain, cast.ToImmutable())
        {
            Interfaces = interfaces,
            Version = (DispatcherVersion)(1 + random.Next(3)),
            FreeingLag = random.Next(6),
        };
    }

    private static Intent Request(Random random, Part part, int actor, int interfaces, ImmutableArray<string> chain, bool rivalsClean)
    {
        var nic = string.Create(CultureInfo.InvariantCulture, $"eth{random.Next(interfaces)}");
        var attach = new AttachIntent(nic, string.Create(CultureInfo.InvariantCulture, $"new{actor}"), (uint)(5 * random.Next(8)));
        return part switch
        {
            Part.Brute => random.Next(3) switch { 0 => attach, 1 when rivalsClean => new CleanIntent(nic), _ => new DetachIntent(nic, null) },
            Part.Ours => random.Next(8) switch
            {
                < 3 => attach,
                3 => new DetachIntent(nic, chain.IsEmpty ? null : chain[random.Next(chain.Length)]),
                4 => new DetachIntent(nic, attach.Component),
                5 => random.Next(2) == 0 ? new DetachIntent(nic, null) : attach,
                6 => new ConvertIntent(nic, (DispatcherVersion)(1 + random.Next(3))),
                _ => new CleanIntent(nic),
            },
            _ => rivalsClean ? new CleanIntent(nic) : random.Next(2) == 0 ? attach : new DetachIntent(nic, chain.IsEmpty ? null : chain[^1]),
        };
    }

    // Where there are several interfaces some changes are made on all of them; drawn apart as well.
    private static Scenario Join(Scenario scenario, Random random)
    {
        if (scenario.Interfaces == 1)
            return scenario;
        return scenario with
        {
            IsShared = random.Next(2) == 0,
            Cast = [.. scenario.Cast.Select(role => role.Part == Part.Ours ? role with { Intents = [.. role.Intents.Select(Join)] } : role)],
        };

        Intent Join(Intent intent) => intent.Request is null || random.Next(2) == 0
            ? intent
            : BatchIntent.On(2 + random.Next(scenario.Interfaces - 1), intent, isAllOrNone: random.Next(2) == 0);
    }

    // In every other scenario some attaches become changes of what is there. Drawn apart, so that the rest of a seed stays as it was found.
    private static Scenario Exchange(Scenario scenario, Random random) => random.Next(2) == 0
        ? scenario
        : scenario with { Cast = [.. scenario.Cast.Select(role => role.Part == Part.Ours ? role with { Intents = [.. role.Intents.Select(intent => Exchange(intent, scenario.Chain, random))] } : role)] };

    private static Intent Exchange(Intent intent, ImmutableArray<string> chain, Random random)
    {
        if (intent is not AttachIntent attach || random.Next(2) == 0)
            return intent;
        var name = chain.IsEmpty || random.Next(4) == 0 ? attach.Component : chain[random.Next(chain.Length)];
        return random.Next(2) == 0 ? new ReplaceIntent(attach.Interface, name) : new SetIntent(attach.Interface, name, attach.Priority);
    }
}
