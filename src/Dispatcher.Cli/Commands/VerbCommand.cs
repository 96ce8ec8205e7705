using System.CommandLine;
using Dispatcher.Cli.Errors;

namespace Dispatcher.Cli.Commands;

/// <summary>One verb: its options, its help and what it does.</summary>
/// <param name="name">What the user types.</param>
/// <param name="summary">One sentence.</param>
internal abstract class VerbCommand(string name, string summary) : Command(name, summary)
{
    /// <summary>Paragraphs that the help prints below the options.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Command lines that work as they stand, each with what it does.</summary>
    public abstract IReadOnlyList<(string CommandLine, string Purpose)> Examples { get; }

    /// <summary>The option that a word was probably meant for that the verb does not take.</summary>
    /// <returns>Null: none is likely.</returns>
    public virtual string? OptionFor(string word) => null;

    /// <summary>Does it.</summary>
    public abstract Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken);
}
