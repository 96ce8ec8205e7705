using System.CommandLine;
using System.Globalization;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>A verb that changes the chain of one interface or of several, or says with <c>--dry-run</c> what it would change.</summary>
internal abstract class ChangeCommand : VerbCommand
{
    private readonly Argument<string> _interface = CommonArguments.Interfaces();

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show the chain as it would be, and what would be refused; change nothing.",
    };

    private readonly Option<bool> _keepGoing = new("--keep-going")
    {
        Description = "With several interfaces: change as many as possible. Default: when one fails, put back those that were changed.",
    };

    /// <summary>Begins with the interface; the verb adds what is its own and then <see cref="AddCommon"/>.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="summary">One sentence.</param>
    protected ChangeCommand(string name, string summary)
        : base(name, summary) => Add(_interface);

    /// <summary>Word for what happens to the programs of the answer; null: none comes or goes.</summary>
    protected abstract string? Done { get; }

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var asked = parsed.GetRequiredValue(_interface);
        var names = await InterfaceSyntax.ExpandAsync(session.Host, asked, cancellationToken);
        if (names is [var single])
            await RunOnAsync(single, parsed, session, cancellationToken);
        else if (parsed.GetValue(_dryRun))
            return await PlanAllAsync(names, parsed, session, cancellationToken);
        else
            return await RunOnAllAsync(names, parsed, session, cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>What is asked for.</summary>
    protected abstract ChangeRequest Read(ParseResult parsed, CliSession session);

    /// <summary>The last options of each verb.</summary>
    protected void AddCommon()
    {
        Add(_keepGoing);
        Add(_dryRun);
    }

    private Task<ChangeRequest> ReadAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken) =>
        Interruptible.RunAsync(() => Read(parsed, session), cancellationToken);

    private async Task RunOnAsync(string interfaceName, ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_dryRun))
        {
            var plan = session.Host.WithHintsAsync(interfaceName, async () => await session.Host.PlanAsync(interfaceName, await ReadAsync(parsed, session, cancellationToken), cancellationToken));
            PlanOutput.Write(session, await ProgressLine.While(session.Console, $"planning a change of {Printable.Escape(interfaceName)}", plan));
            return;
        }

        var change = session.Host.WithHintsAsync(
            interfaceName, async () => await session.Host.ApplyAsync(interfaceName, await ReadAsync(parsed, session, cancellationToken), cancellationToken));
        var result = await ProgressLine.While(session.Console, $"changing the chain of {Printable.Escape(interfaceName)}", change);
        AnswerLostException.Guard(session.Console.Out, () => ChangeOutput.Write(session, result, Done));
    }

    private async Task<ExitCode> PlanAllAsync(IReadOnlyList<string> names, ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var plan = session.Host.WithHintsAsync(null, async () => await session.Host.PlanForAllAsync(names, await ReadAsync(parsed, session, cancellationToken), cancellationToken));
        var plans = await ProgressLine.While(session.Console, $"planning changes of {Counted.Of(names.Count, "interface")}", plan);
        PlanOutput.Write(session, plans, isAllOrNone: !parsed.GetValue(_keepGoing));
        return plans.FirstOrDefault(each => each.Refusal is not null)?.Refusal is { } first ? ExitCodes.Of(first).Code : ExitCode.Done;
    }

    private async Task<ExitCode> RunOnAllAsync(IReadOnlyList<string> names, ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var count = new BatchProgress();
        var options = new BatchOptions
        {
            OnFailure = parsed.GetValue(_keepGoing) ? BatchFailurePolicy.KeepGoing : BatchFailurePolicy.Undo,
            Progress = count,
        };
        var change = session.Host.WithHintsAsync(
            null, async () => await session.Host.ApplyToAllAsync(names, await ReadAsync(parsed, session, cancellationToken), options, cancellationToken));
        var result = await ProgressLine.While(
            session.Console, () => string.Create(CultureInfo.InvariantCulture, $"changing chains, {count.Done} of {names.Count} done"), change);
        AnswerLostException.Guard(session.Console.Out, () => BatchOutput.Write(session, result, Done));
        return result.FirstFailure is { } failure ? ExitCodes.Of(failure).Code : ExitCode.Done;
    }
}
