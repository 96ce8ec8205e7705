using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Commands;

/// <summary><c>stats</c>: counts what each program of a chain returns.</summary>
internal sealed class StatsCommand : VerbCommand
{
    private readonly Argument<string> _interface = CommonArguments.Interface();

    private readonly Option<double> _interval = CommonArguments.Interval("Time between two readings, 0.1 to 86400. Default: 1.", 1);

    private readonly Option<uint?> _count = CommonArguments.Count("End after N readings. Default: at Ctrl-C.");

    public StatsCommand()
        : base("stats", "Count what each program of a chain returns, live.")
    {
        Add(_interface);
        Add(_interval);
        Add(_count);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "A tracing program counts at the end of each program of the chain, only while this runs; the dispatcher is not touched. Each packet takes "
        + "longer meanwhile. A program that joins is counted from then on. A program that is in the chains of several interfaces is counted on all of them.",
        "With --json each reading is one line. " + CommonArguments.EndsWellAtInterrupt,
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("stats eth0", "a table, again each second until Ctrl-C"),
        ("stats eth0 --interval 10 --count 1", "what ten seconds bring"),
        ("stats eth0 --json", "one JSON object per second and line"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetRequiredValue(_interface);
        var interval = TimeSpan.FromSeconds(parsed.GetValue(_interval));
        var left = parsed.GetValue(_count) ?? uint.MaxValue;
        return await session.Host.WithHintsAsync(interfaceName, () => RunAsync(session, interfaceName, interval, left, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, string interfaceName, TimeSpan interval, uint left, CancellationToken cancellationToken)
    {
        var output = new CountsOutput(session, isRefreshed: left > 1);
        try
        {
            await foreach (var counts in session.Host.CountAsync(interfaceName, interval, cancellationToken))
            {
                output.Write(counts);
                await session.Console.Out.FlushAsync(cancellationToken);
                if (--left == 0)
                    break;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how one ends it.
        }

        return ExitCode.Done;
    }
}
