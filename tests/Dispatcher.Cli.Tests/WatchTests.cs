using System.Text.Json;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class WatchTests
{
    private static readonly HookStatus Empty = Samples.Empty("eth0", 2);
    private static readonly ChainStatus Chain = Samples.Chain.Chain!;

    private static readonly HookStatus Other = Samples.Chain with
    {
        Mode = AttachMode.Skb,
        Chain = Chain with
        {
            DispatcherId = new ProgramId(51),
            Version = DispatcherVersion.V3,
            Programs =
            [
                Samples.Firewall with { Id = new ProgramId(50), Name = "evil\u001b[31m" },
                Samples.Ids with { Slot = 2, Priority = 30, Actions = ChainCallActions.Of() },
            ],
        },
    };

    private static readonly HookStatus Rebuilt = Samples.Chain with { Chain = Chain with { DispatcherId = new ProgramId(60) } };
    private static readonly HookStatus Held = Samples.HeldByLink with { InterfaceName = "eth0", InterfaceIndex = 2 };
    private static readonly HookStatus Broken = Samples.Broken with { InterfaceName = "eth0", InterfaceIndex = 2 };

    private static readonly ChangeOrigin Peer = new(new HolderProcess(812, "xdp-\u001bloader"), 0, DispatcherFlavour.Generic);
    private static readonly ChangeOrigin Ours = new(null, 1000, DispatcherFlavour.Specialised);

    private static readonly RecordedHost Host = new()
    {
        Events =
        [
            Event(0, ChainEventKind.Observed, null, Empty),
            Event(1, ChainEventKind.ChainStarted, Empty, Samples.Chain) with { Origin = Ours },
            Event(2, ChainEventKind.ChainChanged, Samples.Chain, Other) with { Origin = Peer },
            Event(3, ChainEventKind.ChainChanged, Samples.Chain, Rebuilt),
            Event(4, ChainEventKind.ChainBroken, Rebuilt, Broken),
            Event(5, ChainEventKind.ChainMended, Broken, Rebuilt),
            Event(6, ChainEventKind.HookTaken, Rebuilt, Held) with { Origin = new ChangeOrigin(null, 0, null) },
            Event(7, ChainEventKind.HookEmptied, Held, Empty),
            Event(8, ChainEventKind.HookEmptied, Samples.Chain, Empty) with { Origin = Peer with { UserId = null, Flavour = null } },
            Event(9, ChainEventKind.InterfaceRenamed, Samples.Chain, Samples.Chain with { InterfaceName = "w\u001ban" }),
            Event(10, ChainEventKind.InterfaceMoved, Samples.Chain, null) with { MovedTo = new MovedInterface(0, 7, "blue") },
            Event(11, ChainEventKind.InterfaceMoved, Samples.Chain, null) with { MovedTo = new MovedInterface(null, null, null) },
            Event(12, ChainEventKind.InterfaceAppeared, null, Samples.Chain) with { Origin = Ours },
            Event(13, ChainEventKind.InterfaceGone, Samples.Chain, null),
            Event(14, ChainEventKind.InterfaceGone, Empty, null),
        ],
    };

    [Fact]
    public async Task Each_event_is_a_line_that_says_what_happened_and_who_did_it_as_far_as_it_is_known()
    {
        Assert.Equal(Enum.GetValues<ChainEventKind>().Order(), Host.Events.Select(change => change.Kind).Distinct().Order());
        var run = await CliRun.Of(Host, "watch", "--count", "15");
        Assert.Null(Host.Watched);
        Assert.Equal(TimeSpan.FromSeconds(10), Host.WatchOptions!.LookInterval);
        Snapshot.Verify(run.Describe("watch", "--count", "15"));
    }

    [Fact]
    public async Task Json_is_a_line_for_each_event()
    {
        var run = await CliRun.Of(Host, "watch", "eth0", "--interval", "0.5", "--json", "--count", "15");
        Assert.Equal(("eth0", TimeSpan.FromSeconds(0.5)), (Host.Watched, Host.WatchOptions!.LookInterval));
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(15, lines.Length);
        foreach (var line in lines)
            JsonDocument.Parse(line).Dispose();
        Snapshot.Verify(run.Output);
    }

    [Fact]
    public async Task On_a_terminal_what_needs_attention_is_coloured_and_elsewhere_nothing_is()
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true, HasColour: true), Host, "watch", "--count", "7");
        Assert.Contains("\x1b[31mhook taken\x1b[0m", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', (await CliRun.Of(Host, "watch", "--count", "15")).Output);
    }

    [Fact]
    public async Task Interrupting_it_is_how_it_ends()
    {
        using var interrupt = new CancellationTokenSource();
        var output = new StringWriter();
        var running = CliApp.RunAsync(["watch", "eth0"], new CliConsole { Out = output, Error = output }, Host, interrupt.Token);
        await interrupt.CancelAsync();
        Assert.Equal(0, await running);
    }

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--interval", "never")]
    [InlineData("--count", "0")]
    public async Task A_wrong_number_is_a_usage_error(string option, string value)
    {
        var run = await CliRun.Of(Host, "watch", option, value);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"{option} takes", run.Error, StringComparison.Ordinal);
    }

    private static ChainEvent Event(int second, ChainEventKind kind, HookStatus? before, HookStatus? after) => new(
        kind, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123).AddSeconds(second), (after ?? before)!.InterfaceName, (after ?? before)!.InterfaceIndex, before, after);
}
