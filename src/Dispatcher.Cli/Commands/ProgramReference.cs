using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>A program of a chain, as a verb is given it: a number is an id, anything else a function name.</summary>
internal static class ProgramReference
{
    /// <summary>Help name of the argument.</summary>
    public const string Name = "id|name";

    /// <summary>The argument.</summary>
    public static Argument<string> Argument() => new("program")
    {
        HelpName = Name,
        Description = "Program id, as status prints it, or function name.",
    };

    /// <summary>What is meant.</summary>
    /// <exception cref="UsageException">An empty text, or 0.</exception>
    public static ComponentSelection Read(string text)
    {
        if (text.Length == 0)
            throw new UsageException("a program is an id or a function name, not an empty text", "'xdp-dispatch status' lists them");
        if (!ValueParser.TryParseNumber(text, out var id))
            return ComponentSelection.ByName(text);
        return id > 0
            ? ComponentSelection.ById(new ProgramId(id))
            : throw new UsageException("program ids begin at 1", "'xdp-dispatch status' lists them");
    }
}
