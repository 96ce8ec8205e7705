using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Chain;
using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Watching;

/// <summary>Each event from its real cause, made by other programs where there are such.</summary>
[Collection(PortCollection.Name)]
public sealed class WatchTests
{
    private const int MostAttempts = 5;

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);
    private readonly KernelPort _kernel = LinuxKernel.Open();

    [RootTheory]
    [InlineData("xdpgeneric", AttachMode.Skb)]
    [InlineData("xdpdrv", AttachMode.Native)]
    public async Task A_program_that_ip_link_attaches_and_takes_off_is_told(string hook, AttachMode mode)
    {
        using var chain = new ChainFixture();
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);

        chain.AttachForeign(hook);
        var taken = await watch.Next(ChainEventKind.HookTaken);
        Assert.Equal((mode, "tiny", HookAttachment.Netlink), (taken.After!.Mode, taken.After.Foreign!.Name, taken.After.Foreign.Holder!.Attachment));
        Assert.Equal(new ChangeOrigin(null, 0, null), taken.Origin);

        chain.Link(hook, "off");
        Assert.Equal(taken.After.Foreign.Id, (await watch.Next(ChainEventKind.HookEmptied)).Before!.Foreign!.Id);
    }

    [RootFact]
    public async Task An_interface_that_is_renamed_and_one_that_is_removed_are_told_and_the_next_of_its_name()
    {
        using var chain = new ChainFixture();
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);
        var (name, renamed) = (chain.Interface, chain.Interface[..^1] + "r");

        // Kernels before 6.2 rename an interface only while it is down.
        foreach (string[] words in new string[][] { ["down"], ["name", renamed], ["up"] })
            Tool.Run("ip", ["link", "set", "dev", words[0] == "up" ? renamed : name, .. words]).OrFail();
        var change = await watch.Next(ChainEventKind.InterfaceRenamed);
        Assert.Equal((name, renamed), (change.Before!.InterfaceName, change.InterfaceName));

        Tool.Run("ip", "link", "del", renamed).OrFail();
        Assert.Null((await watch.Next(ChainEventKind.InterfaceGone)).After);
        Tool.Run("ip", "link", "add", name, "type", "veth", "peer", "name", chain.Pair.Right.Name).OrFail();
        Assert.True((await watch.Next(ChainEventKind.InterfaceAppeared)).After!.IsEmpty);
    }

    [RootFact]
    public async Task An_interface_that_moves_to_another_namespace_says_where_to_and_comes_back()
    {
        using var other = new NetNamespace();
        using var chain = new ChainFixture();
        chain.AttachForeign("xdpgeneric");
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);

        Tool.Run("ip", "link", "set", "dev", chain.Interface, "netns", other.Name).OrFail();
        var moved = await watch.Next(ChainEventKind.InterfaceMoved);
        Assert.Equal(other.Name, moved.MovedTo!.NamespaceName);
        Assert.NotNull(moved.MovedTo.NamespaceId);

        other.Run("ip", "link", "set", "dev", chain.Interface, "netns", "1").OrFail();
        await watch.Next(ChainEventKind.InterfaceAppeared);
    }

    [RootFact]
    public async Task What_the_kernel_does_not_tell_is_found_by_looking()
    {
        using var chain = new ChainFixture();
        await using var watch = await EventReader.Begin(chain.One, chain.Interface, Often);
        using var program = _kernel.Bpf.LoadXdp();
        using (var link = XdpLink.Create(program, chain.Pair.Left.ReadIndex()))
            Assert.Equal(_kernel.Bpf.GetInfo(link).Id, (await watch.Next(ChainEventKind.HookTaken)).After!.Foreign!.Holder!.Link);
        await watch.Next(ChainEventKind.HookEmptied);

        chain.Link("down");
        chain.AttachForeign("xdpgeneric");
        await watch.Next(ChainEventKind.HookTaken);
    }

    [RootFact]
    public async Task Cancelling_ends_a_wait_that_nothing_else_would_end()
    {
        using var chain = new ChainFixture();
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);
        var waiting = watch.Next();
        Assert.False(waiting.IsCompleted);

        await watch.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [RootFact]
    public async Task An_interface_of_another_namespace_is_watched_from_here()
    {
        using var network = new NetNamespace();
        using var pair = new VethPair(network);
        using var pins = new BpfFs();
        var inside = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = pins.FullPath, NetworkNamespace = network.Name });
        await using var watch = await EventReader.Begin(inside, pair.Left.Name);

        network.Run("ip", "link", "del", pair.Left.Name).OrFail();

        await watch.Next(ChainEventKind.InterfaceGone);
    }

    [ExtFact]
    public async Task Who_changes_a_chain_while_the_watch_waits_is_named()
    {
        using var chain = new ChainFixture();
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);
        for (var attempt = 1; ; attempt++)
        {
            // Begun before the change; whether it waits by then is up to the scheduler.
            var next = watch.Next(attempt == 1 ? ChainEventKind.ChainStarted : ChainEventKind.ChainChanged);
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            await chain.Attach(chain.Other, Returning($"program{attempt}", XdpAction.Pass));
            var holder = (await next).Origin!.LockHolder;
            if (holder is null && attempt < MostAttempts)
                continue;
            Assert.Equal(Environment.ProcessId, holder?.Id);
            break;
        }

        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    public async Task Changes_of_a_chain_and_its_eviction_are_told()
    {
        using var chain = new ChainFixture();
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);

        var first = await chain.Attach(chain.Other, Returning("first", XdpAction.Pass, priority: 10));
        var started = await watch.Next(ChainEventKind.ChainStarted);
        Assert.Equal(first.After.Chain!.DispatcherId, started.After!.Chain!.DispatcherId);
        Assert.Equal((0u, DispatcherFlavour.Specialised), (started.Origin!.UserId, started.Origin.Flavour));
        Assert.Contains(started.Origin.LockHolder?.Id, new int?[] { null, Environment.ProcessId });

        await chain.Attach(chain.One, Returning("second", XdpAction.Pass, priority: 5));
        var joined = await watch.Next(ChainEventKind.ChainChanged);
        Assert.Equal(["second"], joined.Joined.Select(program => program.Name));
        Assert.Equal(["first"], joined.Altered.Select(altered => altered.After.Name));

        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("first"), Cancellation);
        Assert.Equal(["first"], (await watch.Next(ChainEventKind.ChainChanged)).Left.Select(program => program.Name));

        chain.AttachForeign("xdpdrv", "-force");
        Assert.Equal(["second"], (await watch.Next(ChainEventKind.HookTaken)).Left.Select(program => program.Name));
        chain.Link("xdpdrv", "off");
        await watch.Next(ChainEventKind.HookEmptied);
    }

    [ExtFact]
    public async Task A_chain_that_ip_link_takes_off_and_pins_that_are_removed_are_told()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.Other, Returning("first", XdpAction.Pass), Returning("second", XdpAction.Pass));
        await using var watch = await EventReader.Begin(chain.One, chain.Interface, Often);

        var pins = chain.Pins;
        File.Delete(chain.PathOf(pins.First(pin => pin.EndsWith("prog1-link", StringComparison.Ordinal))));
        var broken = (await watch.Next(ChainEventKind.ChainBroken)).After!.Broken!;
        Assert.Equal([1], broken.LostSlots.Select(lost => lost.Slot));
        Assert.Contains("first", broken.Programs.Select(program => program.Name));

        chain.Link("xdpdrv", "off");
        await watch.Next(ChainEventKind.HookEmptied);
    }

    [ExtFact]
    public async Task A_folder_of_pins_that_is_renamed_is_told()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.Other, Returning("first", XdpAction.Pass));
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);
        var folder = Path.GetDirectoryName(chain.PathOf(chain.Pins.First(pin => pin.EndsWith("prog0-link", StringComparison.Ordinal))))!;

        Directory.Move(folder, folder + "-moved");

        Assert.True((await watch.Next(ChainEventKind.ChainBroken)).After!.Broken!.IsWithoutPins);
        Directory.Move(folder + "-moved", folder);
    }

    [ExtFact]
    public async Task A_chain_on_an_interface_that_is_down_is_seen_to_change_by_its_pins()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.Other, Returning("first", XdpAction.Pass));
        chain.Link("down");
        await using var watch = await EventReader.Begin(chain.One, chain.Interface);

        await chain.Attach(chain.Other, Returning("second", XdpAction.Pass));

        Assert.Equal(["second"], (await watch.Next(ChainEventKind.ChainChanged)).Joined.Select(program => program.Name));
    }
}
