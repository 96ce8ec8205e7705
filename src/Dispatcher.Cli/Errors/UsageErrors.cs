using System.CommandLine;
using System.CommandLine.Parsing;
using Dispatcher.Cli.Commands;
using Dispatcher.Cli.Help;

namespace Dispatcher.Cli.Errors;

/// <summary>Turns what the parser found wrong into one message.</summary>
internal static class UsageErrors
{
    /// <summary>Fails when the command line did not parse, or named no verb.</summary>
    /// <param name="args">What was typed.</param>
    /// <param name="parsed">What the parser made of it.</param>
    /// <param name="definition">The verbs and their options.</param>
    /// <exception cref="UsageException">It did not.</exception>
    public static void ThrowIfAny(string[] args, ParseResult parsed, CliDefinition definition)
    {
        if (FindSwitchWithValue(args, parsed, definition) is { } overfull)
            throw new UsageException($"{overfull} takes no value", HelpOf(parsed.CommandResult.Command));
        if (FindOptionWithoutValue(parsed) is { } bare)
            throw new UsageException($"{bare.Name} needs a value: {HelpText.Label(bare)}", HelpOf(parsed.CommandResult.Command));
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : FindMistypedOption(parsed);
        if (parsed.Errors.Count > 0 || unknown is not null || parsed.CommandResult.Command is not VerbCommand)
            throw Of(parsed, definition, unknown);
    }

    // The parser is content when the same option has a value elsewhere, as in "-A XDP_PASS -A", or when another option follows.
    private static Option? FindOptionWithoutValue(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is not VerbCommand verb)
            return null;
        var names = parsed.RootCommandResult.Command.Options.Concat(verb.Options).SelectMany(o => o.Aliases.Append(o.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var (token, next) in parsed.Tokens.Zip(parsed.Tokens.Skip(1).Append(null)))
        {
            if (token.Type == TokenType.Option && (next?.Type != TokenType.Argument || names.Contains(next.Value))
                && verb.Options.FirstOrDefault(o => o.Name == token.Value || o.Aliases.Contains(token.Value)) is { Arity.MinimumNumberOfValues: > 0 } bare)
                return bare;
        }

        return null;
    }

    // The parser takes "--json=x" apart.
    private static string? FindSwitchWithValue(string[] args, ParseResult parsed, CliDefinition definition)
    {
        var switches = definition.Root.Options.Concat(parsed.CommandResult.Command.Options).Where(option => option.ValueType == typeof(bool)).Select(option => option.Name);
        return switches.FirstOrDefault(name => args.Any(word => word.StartsWith(name + "=", StringComparison.Ordinal)));
    }

    private static string HelpOf(Command verb) => $"'{CliDefinition.ToolName} {verb.Name} --help' shows what it takes";

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
            if (unknown is ['-', ..])
                return new UsageException($"no such option: '{unknown}'", SuggestOption(unknown, definition.Root.Options, "give a verb first"));
            return unknown is null
                ? new UsageException("name a verb", ListVerbs(definition))
                : new UsageException($"no such verb: '{unknown}'", SuggestVerb(unknown, definition));
        }

        var help = HelpOf(verb);
        if (unknown is ['-', ..])
            return new UsageException($"{verb.Name} has no option '{unknown}'", SuggestOption(unknown, verb.Options.Concat(definition.Root.Options), help));
        if (unknown is not null)
            return new UsageException($"{verb.Name} does not take '{unknown}'", verb.OptionFor(unknown) is { } option ? $"did you mean '{option} {unknown}'?" : help);
        foreach (var option in verb.Options.Where(o => !o.ValueType.IsArray && o.ValueType != typeof(bool)))
        {
            if (parsed.GetResult(option) is { IdentifierTokenCount: > 1 } twice)
                return new UsageException($"{option.Name} is given {twice.IdentifierTokenCount} times", "give it once");
        }

        if (verb.Options.Select(parsed.GetResult).OfType<OptionResult>().Where(option => option.Tokens.Count > 0).SelectMany(option => option.Errors).FirstOrDefault() is { } wrong)
            return new UsageException(wrong.Message.TrimEnd('.'), help);
        var missing = verb.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > (parsed.GetResult(a)?.Tokens.Count ?? 0));
        if (missing is { HelpName: CommonArguments.ObjectName } && parsed.GetResult(verb.Arguments[0])?.Tokens is [{ Value: var first }] && HostHints.IsObject(first))
            return new UsageException($"{verb.Name} needs an interface before '{first}'", $"{CliDefinition.ToolName} {verb.Name} <{CommonArguments.InterfaceName}> {first}");
        if (missing is not null)
            return new UsageException($"{verb.Name} needs <{missing.HelpName}>", help);
        return verb.Options.FirstOrDefault(o => o.Required && parsed.GetResult(o) is null or { IdentifierTokenCount: 0 }) is { } required
            ? new UsageException($"{verb.Name} needs {HelpText.Label(required)}", help)
            : new UsageException(parsed.Errors[0].Message.TrimEnd('.'), help);
    }

    private static string SuggestOption(string unknown, IEnumerable<Option> options, string otherwise)
    {
        var names = options.SelectMany(o => o.Aliases.Append(o.Name)).Where(name => name.Length > 2);
        return NameSuggestion.Closest(unknown, names) is { } close ? $"did you mean '{close}'?" : otherwise;
    }

    private static string SuggestVerb(string unknown, CliDefinition definition)
    {
        var close = NameSuggestion.Closest(unknown, definition.Verbs.Select(v => v.Name));
        return close is null ? ListVerbs(definition) : $"did you mean '{close}'? '{CliDefinition.ToolName} --help' lists the verbs";
    }

    private static string ListVerbs(CliDefinition definition) =>
        $"verbs: {string.Join(", ", definition.Verbs.Select(v => v.Name))}; '{CliDefinition.ToolName} --help' explains them";
}
