using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Watching;

/// <summary>Interfaces that come, go, move and are renamed while they are watched.</summary>
public sealed class InterfaceEventTests
{
    private readonly World _world = new();
    private readonly Host _host;

    public InterfaceEventTests()
    {
        _world.Prepare(Component("a"));
        _host = _world.Start();
    }

    [Fact]
    public void All_interfaces_are_observed_in_order_and_new_ones_appear()
    {
        using var watch = _host.Watch(null);
        Assert.Equal("lo", watch.Next(ChainEventKind.Observed).InterfaceName);
        Assert.Equal(NicName, watch.Next(ChainEventKind.Observed).InterfaceName);

        var added = _world.Kernel.Network.Add("eth1");

        var appeared = watch.Next(ChainEventKind.InterfaceAppeared);
        Assert.Equal(("eth1", added.Index, true), (appeared.InterfaceName, appeared.InterfaceIndex, appeared.After!.IsEmpty));
    }

    [Fact]
    public void An_interface_that_is_removed_is_gone_and_the_next_one_of_its_name_is_watched()
    {
        using var watch = _host.Watch();
        watch.Next(ChainEventKind.Observed);

        _world.Kernel.Network.Remove(_world.Nic);
        var gone = watch.Next(ChainEventKind.InterfaceGone);
        Assert.Equal((NicName, _world.Nic.Index), (gone.InterfaceName, gone.InterfaceIndex));
        Assert.Null(gone.After);
        Assert.Equal(["a"], gone.Left.Select(program => program.Name));

        _world.Kernel.Network.Add("other");
        var next = _world.Kernel.Network.Add(NicName);
        Assert.Equal(next.Index, watch.Next(ChainEventKind.InterfaceAppeared).InterfaceIndex);
    }

    [Fact]
    public void One_that_is_replaced_by_a_namesake_before_it_is_read_is_gone_and_there_again()
    {
        using var watch = _host.Watch();
        watch.Next(ChainEventKind.Observed);

        _world.Kernel.Network.Remove(_world.Nic);
        var next = _world.Kernel.Network.Add(NicName);

        Assert.Equal(_world.Nic.Index, watch.Next(ChainEventKind.InterfaceGone).InterfaceIndex);
        Assert.Equal(next.Index, watch.Next(ChainEventKind.InterfaceAppeared).InterfaceIndex);
    }

    [Fact]
    public void An_interface_that_moves_says_where_to_and_comes_back()
    {
        var blue = new SimNetwork("blue");
        _world.Kernel.Networks.Add(blue);
        using var watch = _host.Watch();
        var observed = watch.Next(ChainEventKind.Observed);

        _world.Kernel.Network.Move(_world.Nic, blue);
        var moved = watch.Next(ChainEventKind.InterfaceMoved);
        Assert.Equal(new MovedInterface(0, _world.Nic.Index, "blue"), moved.MovedTo);
        Assert.Equal(observed.After, moved.Before);
        Assert.Empty(moved.Left);

        blue.Move(_world.Nic, _world.Kernel.Network);
        Assert.Equal(["a"], watch.Next(ChainEventKind.InterfaceAppeared).After!.Chain!.Programs.Select(program => program.Name));
    }

    [Fact]
    public void One_that_is_seen_to_have_gone_before_it_is_told_to_have_moved_has_moved()
    {
        var blue = new SimNetwork("blue");
        _world.Kernel.Networks.Add(blue);
        using var watch = _host.Watch();
        watch.Next(ChainEventKind.Observed);

        // It goes down first, which is told at once.
        _world.Kernel.Network.Tell(new HookNotice(HookNoticeKind.Changed, _world.Nic.Index));
        var say = _world.Kernel.Network.MoveInSilence(_world.Nic, blue);
        _world.Before(_host, nameof(IPace.Wait), _ => say());
        Assert.Equal("blue", watch.Next(ChainEventKind.InterfaceMoved).MovedTo!.NamespaceName);
    }

    [Fact]
    public void One_that_has_gone_without_a_word_is_gone_after_a_while()
    {
        using var watch = _host.Watch(lookInterval: TimeSpan.FromSeconds(1));
        watch.Next(ChainEventKind.Observed);
        var start = _world.Kernel.Clock;
        _ = _world.Kernel.Network.MoveInSilence(_world.Nic, new SimNetwork("blue"));
        watch.Next(ChainEventKind.InterfaceGone);
        Assert.InRange(_world.Kernel.Clock - start, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void An_interface_is_followed_to_its_new_name()
    {
        using var watch = _host.Watch();
        watch.Next(ChainEventKind.Observed);

        _world.Nic.Rename("wan");
        var renamed = watch.Next(ChainEventKind.InterfaceRenamed);
        Assert.Equal((NicName, "wan"), (renamed.Before!.InterfaceName, renamed.InterfaceName));

        _world.Kernel.Network.Add(NicName);
        _host.Process.ForceHook(_world.Nic, null);
        Assert.Equal("wan", watch.Next(ChainEventKind.HookEmptied).InterfaceName);
    }

    [Fact]
    public void Other_interfaces_are_not_read()
    {
        var other = _world.Kernel.Network.Add("eth1");
        using var watch = _host.Watch();
        watch.Next(ChainEventKind.Observed);
        var rival = _world.Start();
        other.Rename("eth2");
        rival.Detach(ComponentSelection.All);
        var reads = new List<string>();
        _world.BeforeEach(_host, nameof(Runtime.Kernel.IXdpHook.Read), call => reads.Add(call.Arguments));

        watch.Next(ChainEventKind.HookEmptied);

        Assert.All(reads, read => Assert.Equal($"{_world.Nic.Index}", read));
    }

    [Fact]
    public void An_interface_that_is_not_there_and_a_wrong_option_are_errors()
    {
        using var watch = _host.Watch("nic7");
        Assert.Contains("eth0", Assert.Throws<NotFoundException>(() => watch.Next()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _host.Watch(""));
        Assert.Throws<ArgumentException>(() => _host.Watch(lookInterval: TimeSpan.FromMilliseconds(1)));
    }
}
