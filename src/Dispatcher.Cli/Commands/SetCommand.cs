using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>set</c>: gives a program that runs another policy.</summary>
internal sealed class SetCommand : ChangeCommand
{
    private readonly Argument<string> _program = ProgramReference.Argument();

    private readonly Option<uint?> _priority = PolicyOptions.Priority("Default: as it is.");

    private readonly Option<ChainCallActions?> _actions = PolicyOptions.Actions("Default: as they are.");

    public SetCommand()
        : base("set", "Give a program that runs another priority or other actions, in one step.")
    {
        Add(_program);
        Add(_priority);
        Add(_actions);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        ["Give -P, -A or both. A name means every program with this name. Programs keep their ids and maps; no packet passes by a program during the change."];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("set eth0 46 -P 5", "let program 46 run earlier"),
        ("set eth0 xdp_ids -A XDP_PASS,XDP_DROP", "go on after XDP_DROP too"),
    ];

    /// <inheritdoc/>
    protected override string? Done => ChangeOutput.Set;

    /// <inheritdoc/>
    protected override ChangeRequest Read(ParseResult parsed, CliSession session)
    {
        var selection = ProgramReference.Read(parsed.GetRequiredValue(_program));
        var change = new PolicyChange(parsed.GetValue(_priority), parsed.GetValue(_actions));
        return change is { Priority: null, Actions: null }
            ? throw new UsageException("set needs to know what to change", "give -P PRIO, -A ACTIONS or both")
            : new SetPolicyRequest(selection, change);
    }
}
