using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

/// <summary><c>--dry-run</c> of every verb that changes a chain.</summary>
public sealed class PlanTests
{
    internal static readonly ChangePreview Joins = new(
        Samples.Chain,
        new PlannedChain(DispatcherVersion.V2, AttachMode.Native, false,
        [
            new PlannedProgram(0, Samples.Firewall.Id, "xdp_firewall", Samples.Firewall.Tag, 10, ChainCallActions.Default) { SlotBefore = 0 },
            new PlannedProgram(1, null, "evil\x1b[31m", new ProgramTag(0x1122334455667788), 20, ChainCallActions.Of()) { FollowsBy = SlotOrderRule.Priority, HasFrags = true },
            new PlannedProgram(2, Samples.Ids.Id, Samples.Ids.Name, Samples.Ids.Tag, 20, ChainCallActions.Of(XdpAction.Pass, XdpAction.Drop)) { FollowsBy = SlotOrderRule.Name, SlotBefore = 1 },
        ]),
        [new ChangeNote(ChangeNoteKind.BecomesPass, "'xdp_ids' is the last one and goes on after XDP_DROP: the packet passes then (XDP_PASS)")]);

    private static readonly ChangePreview Empties = new(Samples.Chain, null, []);

    private static readonly ChangePreview Nothing = new(
        Samples.OneProgram, new PlannedChain(DispatcherVersion.V3, AttachMode.Skb, true, [Joins.After!.Programs[0]]),
        [new ChangeNote(ChangeNoteKind.NothingToDo, "the chain is of protocol version 3 already")])
    {
        ChangesNothing = true,
    };

    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    [InlineData(100)]
    public async Task The_chain_as_it_would_be_and_where_verdicts_end(int width)
    {
        var text = "";
        foreach (var (preview, args) in Runs())
            text += (await CliRun.Of(width == 0 ? new Screen() : new Screen(IsTerminal: true, Width: width), new RecordedHost { Preview = preview }, args)).Describe(args) + "\n";
        Snapshot.Verify(text, $"{width}");
    }

    [Fact]
    public async Task Json_has_the_documented_schema()
    {
        var text = "";
        foreach (var (preview, args) in Runs())
        {
            string[] inJson = [.. args, "--json"];
            text += (await CliRun.Of(new RecordedHost { Preview = preview }, inJson)).Describe(inJson) + "\n";
        }

        Snapshot.Verify(text);
    }

    [Theory]
    [InlineData(typeof(AttachRequest), "load", "eth0", "a.o")]
    [InlineData(typeof(DetachRequest), "unload", "eth0", "-a")]
    [InlineData(typeof(ReplaceRequest), "replace", "eth0", "46", "a.o")]
    [InlineData(typeof(SetPolicyRequest), "set", "eth0", "46", "-P", "1")]
    [InlineData(typeof(ConvertRequest), "convert", "eth0", "--protocol", "3")]
    public async Task Every_change_can_be_planned_and_is_not_made_then(Type request, params string[] args)
    {
        // No answer is recorded for a change that is made.
        var host = new RecordedHost { Preview = Joins };
        var run = await CliRun.Of(host, [.. args, "--dry-run"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("nothing was changed", run.Output, StringComparison.Ordinal);
        Assert.IsType(request, host.Request);
    }

    private static ImmutableArray<(ChangePreview Preview, string[] Args)> Runs() =>
    [
        (Joins, ["load", "eth0", "a.o", "--dry-run"]), (Empties, ["unload", "eth0", "-a", "--dry-run"]), (Nothing, ["convert", "eth1", "--protocol", "3", "--dry-run"]),
    ];
}
