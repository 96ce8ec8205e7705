using System.CommandLine;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Cli.Commands;

/// <summary>Options for the policy of one program.</summary>
internal static class PolicyOptions
{
    /// <summary><c>-P</c>.</summary>
    /// <param name="whenLeftOut">What happens without it.</param>
    public static Option<uint?> Priority(string whenLeftOut) => new("--prio", "-P")
    {
        HelpName = "PRIO",
        Description = $"Run priority; lower runs earlier, equals by name. {whenLeftOut}",
        CustomParser = ValueParser.One<uint?>("--prio", "a number from 0 to 4294967295", TryParsePriority),
    };

    /// <summary><c>-A</c>.</summary>
    /// <param name="whenLeftOut">What happens without it.</param>
    public static Option<ChainCallActions?> Actions(string whenLeftOut) => new("--actions", "-A")
    {
        HelpName = "XDP_PASS,XDP_TX",
        Description = $"Verdicts after which the next program runs: {CommonArguments.ActionNames} (pass is XDP_PASS), or none: it always ends the chain. {whenLeftOut}",
        CustomParser = ValueParser.One<ChainCallActions?>(
            "--actions", CommonArguments.ActionNames + " apart by commas, or none", TryParseActions),
    };

    private static bool TryParsePriority(string text, out uint? value)
    {
        var isRead = ValueParser.TryParseNumber(text, out var number);
        value = number;
        return isRead;
    }

    private static bool TryParseActions(string text, out ChainCallActions? value)
    {
        var isRead = ValueParser.TryParseActions(text, out var actions);
        value = actions;
        return isRead;
    }
}
