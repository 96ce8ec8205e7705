using System.CommandLine;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Cli.Commands;

/// <summary>Options for the policy of one program.</summary>
internal static class PolicyOptions
{
    private const string NotANumber = "a number from 0 to 4294967295";
    private static readonly string NotActions = CommonArguments.ActionNames + " apart by commas, or none";

    /// <summary><c>-P</c> for each of several programs.</summary>
    /// <param name="whenLeftOut">What happens without it.</param>
    public static Option<uint[]> Priorities(string whenLeftOut) => new("--prio", "-P")
    {
        HelpName = "PRIO",
        Description = PriorityText(whenLeftOut),
        CustomParser = ValueParser.Many<uint>("--prio", NotANumber, ValueParser.TryParseNumber),
    };

    /// <summary><c>-A</c> for each of several programs.</summary>
    /// <param name="whenLeftOut">What happens without it.</param>
    public static Option<ChainCallActions[]> ActionsOfEach(string whenLeftOut) => new("--actions", "-A")
    {
        HelpName = "XDP_PASS,XDP_TX",
        Description = ActionsText(whenLeftOut),
        CustomParser = ValueParser.Many<ChainCallActions>("--actions", NotActions, ValueParser.TryParseActions),
    };

    /// <summary><c>-P</c>.</summary>
    /// <param name="whenLeftOut">What happens without it.</param>
    public static Option<uint?> Priority(string whenLeftOut) => new("--prio", "-P")
    {
        HelpName = "PRIO",
        Description = PriorityText(whenLeftOut),
        CustomParser = ValueParser.One<uint?>("--prio", NotANumber, TryParsePriority),
    };

    /// <summary><c>-A</c>.</summary>
    /// <param name="whenLeftOut">What happens without it.</param>
    public static Option<ChainCallActions?> Actions(string whenLeftOut) => new("--actions", "-A")
    {
        HelpName = "XDP_PASS,XDP_TX",
        Description = ActionsText(whenLeftOut),
        CustomParser = ValueParser.One<ChainCallActions?>("--actions", NotActions, TryParseActions),
    };

    private static string PriorityText(string whenLeftOut) => $"Run priority; lower runs earlier, equals by name. {whenLeftOut}";

    private static string ActionsText(string whenLeftOut) =>
        $"Verdicts after which the next program runs: {CommonArguments.ActionNames} (pass is XDP_PASS), or none: it always ends the chain. {whenLeftOut}";

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
