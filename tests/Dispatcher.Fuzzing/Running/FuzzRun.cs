using System.Diagnostics;
using Dispatcher.Fuzzing.Coverage;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Running;

/// <summary>How far a run goes.</summary>
/// <param name="Executions">At most so many.</param>
/// <param name="Time">At most so long.</param>
/// <param name="Seed">Repeats the choices.</param>
internal sealed record FuzzBudget(long Executions, TimeSpan Time, ulong Seed);

/// <summary>What a run found out.</summary>
/// <param name="Executions">Inputs that were run, seeds included.</param>
/// <param name="Refused">Those that ended in the documented exception.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Inputs">Inputs to start from at its end.</param>
/// <param name="Findings">One input for each problem, made small; the first remark says what is wrong.</param>
internal sealed record FuzzReport(long Executions, long Refused, TimeSpan Time, int Inputs, IReadOnlyList<FuzzCase> Findings)
{
    /// <summary>Inputs that the reader took.</summary>
    public long Accepted { get; init; }
}

/// <summary>Runs one reader over and over. Where branches are counted, an input that reaches a new one is kept to start from.</summary>
/// <param name="target">The reader.</param>
/// <param name="shelf">Where seeds come from.</param>
/// <param name="recorder">Notes each input, when there is one.</param>
internal sealed class FuzzRun(IFuzzTarget target, SeedShelf shelf, FlightRecorder? recorder = null)
{
    /// <summary>Largest input in bytes.</summary>
    internal const int MaxInputSize = 64 * 1024;

    private const int MaxInputs = 2000;
    private const int MaxFindings = 20;
    private const int ClockStride = 64;

    private readonly Executor _executor = new(target);
    private readonly List<FuzzInput> _inputs = [];
    private readonly Dictionary<string, FuzzCase> _findings = new(StringComparer.Ordinal);
    private readonly long[] _verdicts = new long[3];

    /// <summary>Runs the seeds, then mutations until the budget is spent or there are many findings.</summary>
    public FuzzReport Go(FuzzBudget budget)
    {
        var watch = Stopwatch.StartNew();
        var seeds = target.Seeds(shelf).Where(seed => seed.Length <= MaxInputSize).ToList();
        seeds.Add([]);
        foreach (var seed in seeds)
        {
            Run(seed);
            _inputs.Add(FuzzInput.Of(target, seed));
        }

        foreach (var large in target.LargeInputs())
            Run(large);
        BranchCounter.TakeNew();
        var mutator = new Mutator(target, new FuzzRandom(budget.Seed), MaxInputSize);
        for (var executions = (long)seeds.Count; executions < budget.Executions && _findings.Count < MaxFindings; executions++)
        {
            var input = mutator.Next(_inputs);
            Run(input);
            if (BranchCounter.TakeNew() && _inputs.Count < MaxInputs)
                _inputs.Add(FuzzInput.Of(target, input.ToArray()));
            if (executions % ClockStride == 0 && watch.Elapsed > budget.Time)
                break;
        }

        return new FuzzReport(_verdicts.Sum(), _verdicts[(int)Verdict.Refused], watch.Elapsed, _inputs.Count, [.. _findings.Values])
        {
            Accepted = _verdicts[(int)Verdict.Accepted],
        };
    }

    private void Run(ReadOnlySpan<byte> input)
    {
        recorder?.Note(input);
        var verdict = _executor.Run(input);
        _verdicts[(int)verdict]++;
        if (verdict == Verdict.Finding)
            Keep(input.ToArray());
    }

    private void Keep(byte[] input)
    {
        var problem = _executor.Problem;
        var what = FirstLine(problem);
        if (_findings.ContainsKey(what))
            return;
        var small = what == "slow" || input.Length > MaxInputSize ? input : Shrinker.Shrink(input, smaller => _executor.Run(smaller) == Verdict.Finding && FirstLine(_executor.Problem) == what);
        _findings[what] = new FuzzCase(target.Name, problem.Split('\n'), small);
    }

    private static string FirstLine(string text) => text.Split('\n')[0];
}
