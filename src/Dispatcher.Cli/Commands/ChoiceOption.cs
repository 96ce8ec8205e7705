using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Dispatcher.Cli.Commands;

/// <summary>An option whose value is one of a few words; help and completion list them.</summary>
internal interface IChoices
{
    /// <summary>The words.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>The word that the option alone stands for; null: it needs one. Such an option takes its word behind an equals sign.</summary>
    string? ImpliedWord => null;
}

/// <summary>An option whose value is one of a few words.</summary>
/// <typeparam name="T">What the words stand for.</typeparam>
internal sealed class ChoiceOption<T> : Option<T>, IChoices
{
    /// <summary>An option with its words; the first one is the default, unless that is taken away.</summary>
    public ChoiceOption(string name, string[] aliases, params (string Word, T Value)[] choices)
        : base(name, aliases)
    {
        Words = [.. choices.Select(c => c.Word)];
        HelpName = string.Join('|', Words);
        Arity = ArgumentArity.ExactlyOne;
        DefaultValueFactory = _ => choices[0].Value;
        CustomParser = ValueParser.One(name, $"one of {string.Join(", ", Words)}", (string text, [MaybeNullWhen(false)] out T value) =>
        {
            var index = Array.FindIndex(choices, c => c.Word == text);
            value = choices[Math.Max(index, 0)].Value;
            return index >= 0;
        })!;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; }

    /// <inheritdoc/>
    public string? ImpliedWord { get; init; }
}
