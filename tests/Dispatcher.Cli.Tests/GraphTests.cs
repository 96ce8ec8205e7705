using System.Text.RegularExpressions;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed partial class GraphTests
{
    private static readonly Screen Terminal = new(IsTerminal: true);

    /// <summary>What surprises people, one hook for each.</summary>
    private static IReadOnlyList<HookStatus> Surprises { get; } =
    [
        ChainOf("dead0", ChainCallActions.Default, ChainCallActions.Of(), ChainCallActions.Default),
        ChainOf("all0", ChainCallActions.Of([.. XdpActionNames.All]), ChainCallActions.Of([.. XdpActionNames.All])),
        ChainOf("tx0", ChainCallActions.Of(XdpAction.Tx), ChainCallActions.Of(XdpAction.Drop)),
        ChainOf("alone0", ChainCallActions.Of(XdpAction.Tx)),
    ];

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(45)]
    public async Task Drawing_fits_the_terminal(int width)
    {
        var run = await CliRun.Of(Terminal with { Width = width }, new RecordedHost { Hooks = Samples.Hooks }, "status", "--graph");
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= width, line));
        Snapshot.Verify(run.Describe("status", "--graph"), $"{width}");
    }

    [Fact]
    public async Task Surprises_are_told() =>
        Snapshot.Verify((await CliRun.Of(Terminal, new RecordedHost { Hooks = Surprises }, "status", "--graph")).Describe("status", "--graph"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_terminal_or_unicode_it_is_ascii(bool isTerminal)
    {
        var screen = new Screen(IsTerminal: isTerminal, HasUnicode: !isTerminal);
        var run = await CliRun.Of(screen, new RecordedHost { Hooks = Samples.Hooks }, "status", "eth0", "--graph");
        Assert.DoesNotContain(run.Output, character => character > 127);
        Snapshot.Verify(run.Describe("status", "eth0", "--graph"));
    }

    [Fact]
    public async Task An_interface_may_follow_the_option_and_a_form_too()
    {
        var host = new RecordedHost { Hooks = Samples.Hooks };
        var one = (await CliRun.Of(host, "status", "eth1", "--graph")).Output;
        Assert.StartsWith("eth1 ", one, StringComparison.Ordinal);
        Assert.Equal(one, (await CliRun.Of(host, "status", "--graph", "eth1")).Output);
        Assert.Equal(one, (await CliRun.Of(host, "status", "--graph=text", "eth1")).Output);
        Assert.Equal(
            (await CliRun.Of(host, "status", "eth1", "--graph=mermaid")).Output, (await CliRun.Of(host, "status", "--graph", "mermaid", "eth1")).Output);
    }

    [Fact]
    public async Task Mermaid_is_one_fence_with_a_frame_for_each_interface() =>
        Snapshot.Verify((await CliRun.Of(new RecordedHost { Hooks = [.. Samples.Hooks, .. Surprises] }, "status", "--graph=mermaid")).Output);

    [Theory]
    [InlineData("end")]
    [InlineData("a\"]; click x \"javascript:alert(1)\"")]
    [InlineData("```\n# heading\n```")]
    [InlineData("%%{init: {}}%% #quot; <img src=x> `code` **b** \\n & | [x](y)")]
    [InlineData("\u001b[31m \u202e grüße")]
    public async Task No_name_can_break_out_of_its_label(string name)
    {
        var hook = Samples.Chain with { Chain = Samples.Chain.Chain! with { Programs = [Samples.Firewall with { Name = name }, Samples.Ids with { Name = name }] } };
        var run = await CliRun.Of(new RecordedHost { Hooks = [hook] }, "status", "--graph=mermaid");
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(("```mermaid", "flowchart TD", "```"), (lines[0], lines[1], lines[^1]));
        Assert.All(lines[2..^1], line => Assert.Matches(MermaidLine(), line));
        Assert.Equal(2, lines.Count(line => line.Contains("[\"slot ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_verdict_of_every_slot_leads_to_one_place()
    {
        var random = new Random(7);
        for (var run = 0; run < 200; run++)
        {
            var actions = Enumerable.Range(0, random.Next(1, 11)).Select(_ => new ChainCallActions((uint)random.Next(32))).ToArray();
            var graph = ChainGraph.Of(ChainOf("eth0", actions));
            Assert.Equal(actions.Length, graph.Steps.Count);
            for (var slot = 0; slot < actions.Length; slot++)
            {
                foreach (var action in XdpActionNames.All)
                {
                    var edge = Assert.Single(graph.Steps[slot].Edges, e => e.Label.Split(", ").Contains(action.KernelName()));
                    Assert.Equal(Expected(actions, slot, action), edge.End);
                }
            }
        }
    }

    [Fact]
    public async Task Graph_and_json_exclude_each_other_and_the_machine_is_not_asked()
    {
        var run = await CliRun.Of(new RecordedHost { Failure = new InvalidOperationException("asked") }, "status", "--graph", "--json");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--graph and --json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_without_programs_says_where_packets_go()
    {
        var run = await CliRun.Of(new RecordedHost { Hooks = [Samples.Empty("lo", 1), Samples.Empty("eth0", 2)] }, "status", "--graph");
        Assert.Equal("No XDP program on: lo, eth0\n  packet -> network stack\n", run.Output);
    }

    // The rules P-049 and the dispatcher's code, in other words than the drawing's.
    private static GraphEnd Expected(ChainCallActions[] actions, int slot, XdpAction action)
    {
        var goesOn = actions.Length > 1 && actions[slot].Contains(action);
        if (goesOn && slot < actions.Length - 1)
            return GraphEnd.Next;
        var verdict = goesOn ? XdpAction.Pass : action;
        GraphEnd[] ends = [GraphEnd.Dropped, GraphEnd.Dropped, GraphEnd.Stack, GraphEnd.BackOut, GraphEnd.Elsewhere];
        return ends[(int)verdict];
    }

    private static HookStatus ChainOf(string interfaceName, params ChainCallActions[] actions) => Samples.Chain with
    {
        InterfaceName = interfaceName,
        Chain = Samples.Chain.Chain! with
        {
            Programs = [.. actions.Select((a, i) => Samples.Firewall with { Slot = i, Name = $"program_{i}", Priority = (uint)(10 * i + 10), Actions = a })],
        },
    };

    // Each kind of line as the tool writes it; a label holds none of the characters that end it.
    [GeneratedRegex("""^ +(end|subgraph \w+\["[^"`<>\[\]{}]*"\]|hook\d+_\w+(\["[^"`<>\[\]{}]*<br/>[^"`<>\[\]{}]*"\]|\(\["[^"`<>\[\]{}]*"\]\)|>"[^"`<>\[\]{}]*"\])|hook\d+_\w+ -->(\|"[^"`<>\[\]{}|]*(<br/>[^"`<>\[\]{}|]*)?"\|)? hook\d+_\w+)$""")]
    private static partial Regex MermaidLine();
}
