using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>clean</c>: removes what dead processes left, and mends chains that lost their pins.</summary>
internal sealed class CleanCommand : VerbCommand
{
    private readonly Argument<string?> _interface = new(CommonArguments.InterfaceName)
    {
        HelpName = CommonArguments.InterfaceName,
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Only what belongs to this network interface. Default: everything in the BPF file system.",
    };

    private readonly Option<bool> _repair = new("--repair") { Description = "Mend chains that lost their pins, from what is still alive of them." };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing." };

    public CleanCommand()
        : base("clean", "Remove pins that dead processes left; mend broken chains.")
    {
        Add(_interface);
        Add(_repair);
        Add(_dryRun);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "Pins are removed only when they are proven dead: their dispatcher is gone, or it runs on no interface of any network namespace and no "
        + "process holds it. What cannot be seen from here counts as alive, so run it as root on the host itself. Every load and unload cleans "
        + "up after crashes on its own interface; this does it for all of them.",
        "A chain is broken when its pins were removed under it. A component whose link some process or another pin still holds is pinned again; one "
        + "that is dead leaves the chain, and must be loaded again.",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("clean --dry-run", "what would be removed, what is left, and why"),
        ("clean", "remove all dead pins"),
        ("clean eth0 --repair", "mend the chain of one interface"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetValue(_interface);
        var options = new CleanOptions { InterfaceName = interfaceName, Repair = parsed.GetValue(_repair), DryRun = parsed.GetValue(_dryRun) };
        var request = session.Host.WithHintsAsync(interfaceName, () => session.Host.CleanAsync(options, cancellationToken));
        var result = await ProgressLine.While(session.Console, "cleaning up", request);
        AnswerLostException.Guard(session.Console.Out, () => CleanOutput.Write(session, result, interfaceName));
        return result.Chains.Any(chain => chain.Verdict is RepairVerdict.Broken or RepairVerdict.Refused) ? ExitCode.Foreign : ExitCode.Done;
    }
}
