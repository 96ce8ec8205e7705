using System.CommandLine;
using Dispatcher.Cli.Commands;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Help;
using Dispatcher.Cli.Hosting;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;

namespace Dispatcher.Cli;

/// <summary>One run of the command line tool: parse, act, report. Writes nowhere but to its console.</summary>
internal static class CliApp
{
    /// <summary>Runs one command line without colour or terminal.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, IChainHost host, CancellationToken cancellationToken = default) =>
        RunAsync(args, new CliConsole { Out = output, Error = error }, host, cancellationToken);

    /// <summary>Runs one command line.</summary>
    /// <param name="args">What stands after the tool's name.</param>
    /// <param name="console">Where answers and messages go.</param>
    /// <param name="host">The machine.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliConsole console, IChainHost host, CancellationToken cancellationToken)
    {
        // A line that does not parse may still have said --json or -v, anywhere in it.
        var json = args.Contains("--json", StringComparer.Ordinal);
        var verbose = args.Contains("-v", StringComparer.Ordinal) || args.Contains("--verbose", StringComparer.Ordinal);
        try
        {
            var exitCode = await RunAsync(args, new CliSession(console, host, json, verbose), cancellationToken);
            await console.Out.FlushAsync(CancellationToken.None);
            return (int)exitCode;
        }
        catch (AnswerLostException lost) when (lost is { IsNotWanted: true, IsDone: false })
        {
            // As of 'trace eth0 | head': who wanted the answer has enough of it.
            return (int)ExitCode.OutputClosed;
        }
#pragma warning disable CA1031 // The one place where whatever ends the tool becomes an exit code and a message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var report = ErrorReport.Of(exception);
            ErrorOutput.Write(report, console, json, verbose);
            return (int)report.ExitCode;
        }
    }

    private static async Task<ExitCode> RunAsync(string[] args, CliSession session, CancellationToken cancellationToken)
    {
        var console = session.Console;
        var definition = new CliDefinition();
        var parsed = definition.Root.Parse(ImpliedWords.Add(HelpVerb.Replace(args), definition), new ParserConfiguration { ResponseFileTokenReplacer = null });
        var command = parsed.CommandResult.Command;
        if (args.Length == 0)
        {
            await console.Error.WriteAsync(HelpText.Render(definition, command, console));
            return ExitCode.Usage;
        }

        if (parsed.GetValue(definition.Help))
        {
            if (HelpVerb.Surplus(args) is { } surplus)
                throw new UsageException($"help is about one verb, and '{Printable.Escape(surplus)}' follows it", $"'{CliDefinition.ToolName} help' lists the verbs");
            if (command is not VerbCommand && parsed.UnmatchedTokens.Any(word => !word.StartsWith('-')))
                UsageErrors.ThrowIfAny(args, parsed, definition);
            await console.Out.WriteAsync(HelpText.Render(definition, command, console));
            return ExitCode.Done;
        }

        if (parsed.GetValue(definition.Version))
        {
            if (session.Json)
                JsonAnswer.Write(console, ToolVersion.WriteJson);
            else
                await console.Out.WriteLineAsync(ToolVersion.Text);
            return ExitCode.Done;
        }

        UsageErrors.ThrowIfAny(args, parsed, definition);
        if (parsed.GetValue(definition.NetNamespace) is { } network)
            session = session with { Host = session.Host.In(network) };
        return await ((VerbCommand)command).RunAsync(parsed, session, cancellationToken);
    }
}
