using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Commands;

/// <summary>The rule for options of <c>load</c> when several objects are named: once for all, or once per object.</summary>
internal static class PerObject
{
    /// <summary>One value per object, or null when the option was not given.</summary>
    public static T[]? Of<T>(ParseResult parsed, Option<T[]> option, int objectCount)
    {
        var values = parsed.GetResult(option) is null ? null : parsed.GetValue(option);
        return values switch
        {
            null => null,
            { Length: 1 } => [.. Enumerable.Repeat(values[0], objectCount)],
            _ when values.Length == objectCount => values,
            _ => throw new UsageException(
                $"{option.Name} was given {values.Length} times for {Counted.Of(objectCount, "object")}",
                objectCount == 1 ? "give it once, or name the object once for each program to be loaded from it" : $"give it once, for all objects, or {objectCount} times, one for each in their order"),
        };
    }
}
