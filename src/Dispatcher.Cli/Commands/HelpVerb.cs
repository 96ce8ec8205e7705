namespace Dispatcher.Cli.Commands;

/// <summary><c>help</c> and <c>help VERB</c>, other words for <c>--help</c> and <c>VERB --help</c>.</summary>
internal static class HelpVerb
{
    private const string Word = "help";

    /// <summary>The command line with the option in the place of the word.</summary>
    /// <param name="args">What stands after the tool's name.</param>
    public static string[] Replace(string[] args)
    {
        var index = IndexOf(args);
        return index < 0 ? args : [.. args[..index], .. args[(index + 1)..], "--help"];
    }

    /// <summary>The word behind the verb that help was asked for, which means nothing; null: there is none.</summary>
    /// <param name="args">What stands after the tool's name.</param>
    public static string? Surplus(string[] args) => IndexOf(args) < 0 ? null : args.Where(arg => !arg.StartsWith('-')).Skip(2).FirstOrDefault();

    private static int IndexOf(string[] args)
    {
        var first = Array.FindIndex(args, arg => !arg.StartsWith('-'));
        return first >= 0 && args[first] == Word ? first : -1;
    }
}
