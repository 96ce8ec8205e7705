using System.CommandLine;
using Dispatcher.Cli.Commands;

namespace Dispatcher.Cli.Errors;

/// <summary>Turns what the parser found wrong into one message.</summary>
internal static class UsageErrors
{
    /// <summary>Fails when the command line did not parse, or named no verb.</summary>
    /// <exception cref="UsageException">It did not.</exception>
    public static void ThrowIfAny(ParseResult parsed, CliDefinition definition)
    {
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : FindMistypedOption(parsed);
        if (parsed.Errors.Count > 0 || unknown is not null || parsed.CommandResult.Command is not VerbCommand)
            throw Of(parsed, definition, unknown);
    }

    // The parser takes an option it does not know for an argument, where one is expected.
    private static string? FindMistypedOption(ParseResult parsed) => parsed.CommandResult.Command.Arguments
        .SelectMany(a => parsed.GetResult(a)?.Tokens ?? [])
        .Select(token => token.Value)
        .FirstOrDefault(value => value.Length > 1 && value[0] == '-');

    private static UsageException Of(ParseResult parsed, CliDefinition definition, string? unknown)
    {
        var command = parsed.CommandResult.Command;
        if (command is not VerbCommand verb)
        {
            return unknown is null
                ? new UsageException("name a verb", $"verbs: {string.Join(", ", definition.Verbs.Select(v => v.Name))}")
                : new UsageException($"no such verb: '{unknown}'", SuggestVerb(unknown, definition));
        }

        var help = $"'{CliDefinition.ToolName} {verb.Name} --help' shows what it takes";
        if (unknown is not null && unknown.StartsWith('-'))
        {
            var names = verb.Options.Concat(definition.Root.Options).SelectMany(o => o.Aliases.Append(o.Name));
            var close = NameSuggestion.Closest(unknown, names);
            return new UsageException($"{verb.Name} has no option '{unknown}'", close is null ? help : $"did you mean '{close}'? {help}");
        }

        if (unknown is not null)
            return new UsageException($"{verb.Name} does not take '{unknown}'", help);
        var missing = verb.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > (parsed.GetResult(a)?.Tokens.Count ?? 0));
        return new UsageException(missing is null ? parsed.Errors[0].Message.TrimEnd('.') : $"{verb.Name} needs <{missing.HelpName}>", help);
    }

    private static string SuggestVerb(string unknown, CliDefinition definition)
    {
        var names = definition.Verbs.Select(v => v.Name).ToArray();
        return NameSuggestion.Closest(unknown, names) is { } close ? $"did you mean '{close}'?" : $"verbs: {string.Join(", ", names)}";
    }
}
