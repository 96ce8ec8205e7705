using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Commands;

/// <summary><c>status</c>: shows the chains.</summary>
internal sealed class StatusCommand : VerbCommand
{
    private readonly Argument<string?> _interface = CommonArguments.OptionalInterface();

    public StatusCommand()
        : base("status", "Show which programs run on an interface, in which order.") => Add(_interface);

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("status", "all interfaces of this network namespace"),
        ("status eth0", "one interface"),
        ("status eth0 --json", "the same as an array of one object"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetValue(_interface);
        var hooks = await session.Host.WithHintsAsync(interfaceName, async () => interfaceName is null
            ? await session.Host.GetStatusAsync(cancellationToken)
            : [await session.Host.GetStatusAsync(interfaceName, cancellationToken)]);
        if (session.Json)
            JsonAnswer.Write(session.Console, writer => StatusJson.WriteAll(writer, hooks));
        else
            StatusText.Write(session.Console, hooks);
        return ExitCode.Done;
    }
}
