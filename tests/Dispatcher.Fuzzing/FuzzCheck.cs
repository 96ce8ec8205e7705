using Dispatcher.Fuzzing.Running;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing;

/// <summary>What the suites run of it: the corpus, and a few seconds of mutations. Branches are not counted there.</summary>
internal static class FuzzCheck
{
    private const long SmokeExecutions = 20_000;
    private const ulong SmokeSeed = 1;
    private static readonly TimeSpan SmokeTime = TimeSpan.FromSeconds(4);
    private static readonly Lazy<SeedShelf> Shelf = new();

    /// <summary>Folder of the cases of all readers.</summary>
    public static string Corpus { get; } = Path.Combine(SeedShelf.Repository, "tests", "Dispatcher.Fuzzing", "Corpus");

    /// <summary>Files of the corpus of one reader.</summary>
    public static IEnumerable<string> CasesOf(string reader)
    {
        var folder = Path.Combine(Corpus, reader);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.case").Order(StringComparer.Ordinal) : [];
    }

    /// <summary>Runs the cases of a reader.</summary>
    /// <returns>What is wrong with which of them; nothing when all end as documented.</returns>
    public static IReadOnlyList<string> Replay(string reader)
    {
        var executor = new Executor(FuzzTargets.Find(reader)!);
        var problems = new List<string>();
        foreach (var path in CasesOf(reader))
        {
            if (executor.Run(FuzzCase.Read(path).Input) == Verdict.Finding)
                problems.Add($"{Path.GetFileName(path)}: {executor.Problem}");
        }

        return problems;
    }

    /// <summary>Runs seeds and mutations for a moment.</summary>
    public static FuzzReport Smoke(string reader) =>
        new FuzzRun(FuzzTargets.Find(reader)!, Shelf.Value).Go(new FuzzBudget(SmokeExecutions, SmokeTime, SmokeSeed));
}
