using System.Globalization;
using Dispatcher.Simulation;
using Dispatcher.Simulation.Engine;
using Dispatcher.Simulation.Mutation;

// simulate exhaustive [TEXT]      every schedule of the small scenarios whose name holds TEXT
// simulate random SECONDS [SEED]  seed after seed
// simulate seed SEED              one seed, shrunk
// simulate mutants                names of the bugs that are put in on purpose
// simulate mutate FOLDER          puts them into a copy of src/Dispatcher.Runtime
// simulate hunt                   looks for a violation; the first line says which checker and after how many schedules
return args switch
{
    ["exhaustive", .. var rest] => Exhaustive(rest.FirstOrDefault() ?? ""),
    ["random", var seconds, .. var rest] => Randomly(TimeSpan.FromSeconds(Number(seconds)), rest is [var seed] ? Number(seed) : Environment.TickCount),
    ["seed", var seed] => Seed(Number(seed)),
    ["mutants"] => Names(),
    ["mutate", var folder] => Mutate(folder),
    ["hunt"] => Hunt(),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage: simulate exhaustive [TEXT] | random SECONDS [SEED] | seed SEED | mutants | mutate FOLDER | hunt");
    return 2;
}

static int Exhaustive(string filter)
{
    var findings = 0;
    foreach (var result in Campaign.Exhaust(filter))
    {
        Console.WriteLine($"{result.Scenario.Name}: {result.Schedules} schedules, {result.States} states, {result.Calls} calls");
        if (result.Finding is not { } finding)
            continue;
        findings++;
        using var crew = new Crew();
        Console.WriteLine(finding.Tell(crew));
    }

    return findings == 0 ? 0 : 1;
}

static int Randomly(TimeSpan duration, int seed)
{
    var result = Campaign.Randomly(seed, duration, int.MaxValue);
    Console.WriteLine($"{result.Runs} runs from seed {seed} on, {result.Calls} calls, {result.Findings.Count} findings");
    using var crew = new Crew();
    foreach (var (found, finding) in result.Findings.Take(5))
    {
        Console.WriteLine($"seed {found}: {finding.Checker}: {finding.Failure}");
        Console.WriteLine($"{Shrinker.Shrink(finding, crew).Tell(crew)}");
    }

    return result.Findings.Count == 0 ? 0 : 1;
}

static int Seed(int seed)
{
    using var crew = new Crew();
    var (calls, finding) = Explorer.Try(seed, crew);
    Console.WriteLine(finding is null ? $"seed {seed}: {calls} calls, nothing found" : Shrinker.Shrink(finding, crew).Tell(crew));
    return finding is null ? 0 : 1;
}

static int Names()
{
    foreach (var mutant in Mutants.All)
        Console.WriteLine(mutant.Name);
    return 0;
}

static int Mutate(string folder)
{
    MutantTree.Write(folder);
    return 0;
}

static int Hunt()
{
    var (schedules, finding) = Campaign.Hunt();
    Console.WriteLine(finding is null ? $"none {schedules}" : $"{finding.Checker} {schedules}");
    if (finding is null)
        return 1;
    Console.WriteLine($"{finding.Scenario.Name}: {finding.Failure.Message}");
    return 0;
}
