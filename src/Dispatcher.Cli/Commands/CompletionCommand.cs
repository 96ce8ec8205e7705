using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Help;

namespace Dispatcher.Cli.Commands;

/// <summary><c>completion</c>: prints what an installation puts in place: a script that teaches a shell the verbs and options, or the manual page.</summary>
internal sealed class CompletionCommand : VerbCommand
{
    private readonly CliDefinition _definition;
    private readonly ChoiceArgument _shell = new("completion", "bash", "zsh", "fish", "man") { Description = "The shell; or man, for the manual page." };

    public CompletionCommand(CliDefinition definition)
        : base("completion", "Print a completion script for a shell, or the manual page.")
    {
        _definition = definition;
        Add(_shell);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("completion bash > /etc/bash_completion.d/xdp-dispatch", "for every bash started from now on"),
        ("completion zsh > /usr/local/share/zsh/site-functions/_xdp-dispatch", "for zsh"),
        ("completion fish > ~/.config/fish/completions/xdp-dispatch.fish", "for fish"),
        ("completion man > /usr/local/share/man/man8/xdp-dispatch.8", "the manual page, for 'man xdp-dispatch'"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var model = CompletionModel.Of(_definition);
        var script = parsed.GetRequiredValue(_shell) switch
        {
            "bash" => BashCompletion.Render(model),
            "zsh" => ZshCompletion.Render(model),
            "fish" => FishCompletion.Render(model),
            _ => ManPage.Render(_definition),
        };
        if (session.Json)
            throw new UsageException("completion prints a shell script or a manual page, not JSON", "leave --json out");
        await session.Console.Out.WriteAsync(script);
        return ExitCode.Done;
    }
}
