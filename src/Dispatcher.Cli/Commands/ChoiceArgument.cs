using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

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
        CustomParser = ValueParser.One<string>(name, $"one of {string.Join(", ", words)}", (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return words.Contains(text, StringComparer.Ordinal);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; }
}
