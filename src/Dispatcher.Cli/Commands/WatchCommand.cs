using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>watch</c>: tells of changes of chains and interfaces, whoever makes them.</summary>
internal sealed class WatchCommand : VerbCommand
{
    private const double DefaultSeconds = 10;

    private readonly Argument<string?> _interface = CommonArguments.OptionalInterface();

    private readonly Option<double> _interval = CommonArguments.Interval(
        "Time between two looks for what the kernel does not announce, 0.1 to 86400. Default: 10.", DefaultSeconds);

    private readonly Option<uint?> _count = CommonArguments.Count("End after N events. Default: at Ctrl-C.");

    public WatchCommand()
        : base("watch", "Tell what happens to chains and interfaces, and who did it.")
    {
        Add(_interface);
        Add(_interval);
        Add(_count);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "What is there comes first, then a line for each change, at once. The kernel announces neither what a bpf_link does nor changes on an interface that is "
        + "down: these are found by looking. Several changes at a time may be told as one.",
        "Who did it is recorded nowhere. Named is the only process at the lock of the protocol then, if there was just one, and what the program that is there now "
        + "tells; 'ip link' takes no lock. Without CAP_SYS_ADMIN a process is named only if it still holds the lock when the change is noticed.",
        "With --json each event is one line. " + CommonArguments.EndsWellAtInterrupt,
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("watch", "all interfaces of this network namespace, until Ctrl-C"),
        ("watch eth0", "one interface, also when it gets another name"),
        ("watch eth0 --json", "one JSON object per event and line"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetValue(_interface);
        var options = new WatchOptions { LookInterval = TimeSpan.FromSeconds(parsed.GetValue(_interval)) };
        var left = parsed.GetValue(_count) ?? uint.MaxValue;
        return await session.Host.WithHintsAsync(interfaceName, () => RunAsync(session, interfaceName, options, left, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, string? interfaceName, WatchOptions options, uint left, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in session.Host.WatchAsync(interfaceName, options, cancellationToken))
            {
                EventOutput.Write(session, change);
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
