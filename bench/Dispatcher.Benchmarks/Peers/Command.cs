using System.Diagnostics;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>A program to start.</summary>
/// <param name="Program">Its path, or a name that PATH finds.</param>
/// <param name="Arguments">Without the program.</param>
internal sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables beside those of this process.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What it reads.</summary>
    public string Input { get; init; } = "";

    /// <summary>Runs it to its end.</summary>
    /// <returns>From before its start to after its end, and what it wrote.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0; the text has what it wrote.</exception>
    public (TimeSpan Time, string Output) Run()
    {
        var start = ToStart();
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Write(Input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var time = Stopwatch.GetElapsedTime(begin);
        return process.ExitCode == 0
            ? (time, output)
            : throw new InvalidOperationException($"{this} ended with exit code {process.ExitCode}: {errors.Result} {output}");
    }

    /// <summary>As <see cref="Run"/>, in milliseconds.</summary>
    public double Milliseconds() => Run().Time.TotalMilliseconds;

    /// <summary>With all three streams for us.</summary>
    public ProcessStartInfo ToStart()
    {
        var start = new ProcessStartInfo(Program, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in Environment)
            start.Environment[key] = value;
        return start;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', [Program, .. Arguments]);
}
