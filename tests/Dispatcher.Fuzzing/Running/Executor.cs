using System.Diagnostics;
using System.Globalization;

namespace Dispatcher.Fuzzing.Running;

/// <summary>How one execution ended.</summary>
internal enum Verdict
{
    /// <summary>The reader took the input.</summary>
    Accepted,

    /// <summary>The documented exception.</summary>
    Refused,

    /// <summary>Anything else: another exception, a broken promise, too much time or memory.</summary>
    Finding,
}

/// <summary>Runs one input and judges what happens.</summary>
/// <param name="target">The reader.</param>
internal sealed class Executor(IFuzzTarget target)
{
    /// <summary>Longest execution of a small input in seconds of processor time.</summary>
    internal const double MaxSeconds = 1;

    /// <summary>What may be added for each megabyte of input.</summary>
    internal const double MaxSecondsPerMegabyte = 0.5;

    /// <summary>Bytes that an execution may allocate whatever the size of its input.</summary>
    internal const long AllocationBase = 1 << 20;

    private const int Repeats = 2;
    private static long _count;

    /// <summary>Executions of this process, to see that they go on.</summary>
    public static long Count => Volatile.Read(ref _count);

    /// <summary>What is wrong, after a finding; its first line is the same for inputs that show the same.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Runs the input once; more often when it was slow, which may have been the machine.</summary>
    public Verdict Run(ReadOnlySpan<byte> input)
    {
        var limit = TimeSpan.FromSeconds(MaxSeconds + MaxSecondsPerMegabyte * input.Length / 1_000_000);
        Volatile.Write(ref _count, _count + 1);
        var start = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = Try(input);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (verdict == Verdict.Finding)
            return verdict;
        if (Stopwatch.GetElapsedTime(start) > limit && Measure(input) is var time && time > limit)
            return Find("slow", $"{time.TotalSeconds:f1} s for {input.Length} bytes");
        return allocated > AllocationBase + target.AllocationPerByte * input.Length
            ? Find("large", $"{allocated} bytes allocated for {input.Length} bytes")
            : verdict;
    }

    private TimeSpan Measure(ReadOnlySpan<byte> input)
    {
        var best = TimeSpan.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var start = ThreadTime.Now();
            Try(input);
            var time = ThreadTime.Now() - start;
            best = time < best ? time : best;
        }

        return best;
    }

    private Verdict Try(ReadOnlySpan<byte> input)
    {
        try
        {
            target.Run(input);
            return Verdict.Accepted;
        }
        catch (Exception refusal) when (target.IsRefusal(refusal))
        {
            return Verdict.Refused;
        }
#pragma warning disable CA1031 // Whatever a reader throws that it does not document is what we look for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var frame = exception.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Dispatcher.", StringComparison.Ordinal))?.Trim();
            return Find($"{exception.GetType().Name} {frame}", exception.ToString());
        }
    }

    private Verdict Find(string what, FormattableString details) => Find(what, details.ToString(CultureInfo.InvariantCulture));

    private Verdict Find(string what, string details)
    {
        Problem = $"{what}\n{details}";
        return Verdict.Finding;
    }
}
