namespace Dispatcher.Cli.Commands;

/// <summary>Puts in the word that an option alone stands for: the parser would take what follows, such as an interface, for its value.</summary>
internal static class ImpliedWords
{
    /// <summary>The command line with the words that were left out.</summary>
    /// <param name="args">What stands after the tool's name.</param>
    /// <param name="definition">The verbs and their options.</param>
    public static string[] Add(string[] args, CliDefinition definition)
    {
        var verb = definition.Verbs.FirstOrDefault(v => v.Name == args.FirstOrDefault(a => !a.StartsWith('-')));
        var options = (verb?.Options ?? []).Where(o => o is IChoices { ImpliedWord: not null }).ToDictionary(o => o.Name, o => (IChoices)o);
        return options.Count == 0 ? args : [.. args.Select((arg, i) =>
            options.TryGetValue(arg, out var option) && !(i + 1 < args.Length && option.Words.Contains(args[i + 1], StringComparer.Ordinal))
                ? $"{arg}={option.ImpliedWord}"
                : arg)];
    }
}
