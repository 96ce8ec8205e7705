using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Cli.Commands;

/// <summary>Reads one word of the command line.</summary>
/// <returns>False when it is not one.</returns>
internal delegate bool TryParseValue<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>Parsers of option values, whose errors say what was expected.</summary>
internal static class ValueParser
{
    /// <summary>A parser for an option that is given once.</summary>
    /// <param name="optionName">As in messages.</param>
    /// <param name="expected">What it takes, for example <c>a number</c>.</param>
    /// <param name="parse">Reads one word.</param>
    public static Func<ArgumentResult, T?> One<T>(string optionName, string expected, TryParseValue<T> parse) => result =>
    {
        if (result.Tokens is not [var token])
            return default;
        if (parse(token.Value, out var value))
            return value;
        result.AddError(Complain(optionName, expected, token.Value));
        return default;
    };

    /// <summary>A parser for an option that may be given several times.</summary>
    public static Func<ArgumentResult, T[]> Many<T>(string optionName, string expected, TryParseValue<T> parse) =>
        result => ParseAll(result, result.Tokens.Select(token => token.Value), optionName, expected, parse);

    /// <summary>The same, each time with several values apart by commas.</summary>
    public static Func<ArgumentResult, T[]> List<T>(string optionName, string expected, TryParseValue<T> parse) =>
        result => ParseAll(result, result.Tokens.SelectMany(token => token.Value.Split(',')), optionName, expected, parse);

    private static T[] ParseAll<T>(ArgumentResult result, IEnumerable<string> words, string optionName, string expected, TryParseValue<T> parse)
    {
        var values = new List<T>();
        foreach (var word in words)
        {
            if (parse(word, out var value))
                values.Add(value);
            else
                result.AddError(Complain(optionName, expected, word));
        }

        return [.. values];
    }

    /// <summary>Reads a number from 0 to 2^32-1.</summary>
    public static bool TryParseNumber(string text, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>Reads actions such as <c>XDP_PASS,XDP_TX</c>.</summary>
    public static bool TryParseActions(string text, out ChainCallActions value) => ChainCallActions.TryParse(text, out value);

    private static string Complain(string optionName, string expected, string text) => $"{optionName} takes {expected}, not '{text}'";
}
