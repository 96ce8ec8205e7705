using System.Globalization;
using Dispatcher.Fuzzing.Coverage;
using Dispatcher.Fuzzing.Running;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing;

/// <summary>One call of the program: fuzzes the readers one after the other and prints the table, or repeats a case.</summary>
internal static class FuzzSession
{
    private const int FindingExitCode = 1;
    private const string RunningPrefix = "running-";
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestExecution = TimeSpan.FromSeconds(30);

    /// <summary>Called in the instrumented copy.</summary>
    /// <returns>0: no finding; 1: findings.</returns>
    public static int Run(string[] arguments, string[] branchTypes, string[] branchPlaces)
    {
        var options = FuzzOptions.Parse(arguments)!;
        if (options.Replay is { } path)
            return Replay(FuzzCase.Read(path));
        if (options.Rescues)
            return Rescue(options.Folder);
        return Fuzz(options, new BranchMap(branchTypes, branchPlaces));
    }

    private static int Fuzz(FuzzOptions options, BranchMap branches)
    {
        var targets = FuzzTargets.All.Where(target => options.Readers.Count == 0 || options.Readers.Contains(target.Name)).ToList();
        var shelf = new SeedShelf();
        var table = new ReportTable(Console.Out);
        Directory.CreateDirectory(options.Folder);
        foreach (var left in Directory.GetFiles(options.Folder, RunningPrefix + "*"))
            File.Delete(left);
        using var watchdog = StartWatchdog();
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}"));
        table.WriteHead();
        var missing = new List<string>();
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i];
            var budget = new FuzzBudget(options.Executions / targets.Count + (i == 0 ? options.Executions % targets.Count : 0), options.Time / targets.Count, options.Seed);
            var recorded = Path.Combine(options.Folder, RunningPrefix + target.Name);
            BranchCounter.Reset();
            FuzzReport report;
            using (var recorder = new FlightRecorder(recorded))
                report = new FuzzRun(target, shelf, recorder).Go(budget);
            File.Delete(recorded);
            table.Write(target, report, branches.Count(target));
            missing.AddRange(branches.Missing(target).Select(place => $"{target.Name}: {place}"));
            Save(report.Findings, options);
        }

        table.WriteSum();
        foreach (var note in shelf.Notes)
            Console.Out.WriteLine(note);
        foreach (var place in missing.Where(_ => options.ListsUncovered))
            Console.Out.WriteLine($"not run: {place}");
        return table.Findings == 0 ? 0 : FindingExitCode;
    }

    private static void Save(IReadOnlyList<FuzzCase> findings, FuzzOptions options)
    {
        for (var i = 0; i < findings.Count; i++)
        {
            var path = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"{findings[i].Reader}-{options.Seed}-{i}.case"));
            findings[i].Write(path);
            Console.Out.WriteLine($"  {path}: {findings[i].Remarks[0]}");
        }
    }

    private static int Replay(FuzzCase found)
    {
        var executor = new Executor(FuzzTargets.Find(found.Reader) ?? throw new FormatException($"There is no reader '{found.Reader}'."));
        var verdict = executor.Run(found.Input);
        Console.Out.WriteLine(verdict == Verdict.Finding ? $"{found.Reader}: {executor.Problem}" : $"{found.Reader}: {verdict}");
        return verdict == Verdict.Finding ? FindingExitCode : 0;
    }

    private static int Rescue(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, RunningPrefix + "*"))
        {
            var reader = Path.GetFileName(path)[RunningPrefix.Length..];
            var saved = Path.Combine(folder, reader + "-ended.case");
            new FuzzCase(reader, ["the process ended or hung"], FlightRecorder.Read(path)).Write(saved);
            File.Delete(path);
            Console.Out.WriteLine($"  {saved}: the process ended or hung in it");
        }

        return FindingExitCode;
    }

    // An execution that takes processor time and does not end: the process does, and eng/fuzz rescues the input.
    private static Timer StartWatchdog()
    {
        var (count, used) = (-1L, TimeSpan.Zero);
        return new Timer(
            _ =>
            {
                var now = Environment.CpuUsage.TotalTime;
                if (Executor.Count == count && now - used > LongestExecution)
                    Environment.FailFast("An execution does not end.");
                if (Executor.Count != count)
                    (count, used) = (Executor.Count, now);
            },
            null,
            WatchPeriod,
            WatchPeriod);
    }
}
