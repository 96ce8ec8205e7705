using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>A verb that changes the chain of one interface, or says with <c>--dry-run</c> what it would change.</summary>
internal abstract class ChangeCommand : VerbCommand
{
    private readonly Argument<string> _interface = CommonArguments.Interface();

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show the chain as it would be, and what would be refused; change nothing.",
    };

    /// <summary>Begins with the interface; the verb adds what is its own and then <see cref="AddDryRun"/>.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="summary">One sentence.</param>
    protected ChangeCommand(string name, string summary)
        : base(name, summary) => Add(_interface);

    /// <summary>Word for what happens to the programs of the answer; null: none comes or goes.</summary>
    protected abstract string? Done { get; }

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetRequiredValue(_interface);
        if (parsed.GetValue(_dryRun))
        {
            var plan = session.Host.WithHintsAsync(
                interfaceName, () => session.Host.PlanAsync(interfaceName, Read(parsed, session), cancellationToken));
            PlanOutput.Write(session, await ProgressLine.While(session.Console, $"planning a change of {Printable.Escape(interfaceName)}", plan));
        }
        else
        {
            var change = session.Host.WithHintsAsync(
                interfaceName, () => session.Host.ApplyAsync(interfaceName, Read(parsed, session), cancellationToken));
            ChangeOutput.Write(session, await ProgressLine.While(session.Console, $"changing the chain of {Printable.Escape(interfaceName)}", change), Done);
        }

        return ExitCode.Done;
    }

    /// <summary>What is asked for.</summary>
    protected abstract ChangeRequest Read(ParseResult parsed, CliSession session);

    /// <summary>The last option of each verb.</summary>
    protected void AddDryRun() => Add(_dryRun);
}
