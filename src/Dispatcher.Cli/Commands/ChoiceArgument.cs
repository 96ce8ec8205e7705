using System.CommandLine;

namespace Dispatcher.Cli.Commands;

/// <summary>An argument that is one of a few words.</summary>
internal sealed class ChoiceArgument : Argument<string>, IChoices
{
    /// <summary>An argument with its words.</summary>
    public ChoiceArgument(string name, params string[] words)
        : base(name)
    {
        Words = words;
        HelpName = string.Join('|', words);
        CustomParser = ValueParser.One(name, $"one of {string.Join(", ", words)}", (string text, out string value) =>
        {
            value = text;
            return words.Contains(text, StringComparer.Ordinal);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; }
}
