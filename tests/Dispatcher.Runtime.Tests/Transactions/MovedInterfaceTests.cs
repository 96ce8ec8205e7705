using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel.Network;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

public sealed class MovedInterfaceTests
{
    private readonly World _world = new();

    [Fact]
    public void An_interface_that_moves_midway_is_gone_and_its_new_namespace_is_named()
    {
        _world.Prepare(Component("ours"));
        var blue = Add("blue");
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => _world.Kernel.Network.Move(_world.Nic, blue));

        var error = Assert.Throws<NotFoundException>(() => host.Attach(Component("late")));

        Assert.Contains("eth0 (ifindex 3) is gone. An interface like it is in the network namespace blue now", error.Message, StringComparison.Ordinal);
        Assert.Equal(["ours"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void The_one_that_carries_the_same_chain_is_named_before_a_namesake()
    {
        _world.Prepare(Component("ours"));
        var (amber, blue) = (Add("amber"), Add("blue"));
        amber.Add("other");
        amber.Add(NicName);
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => _world.Kernel.Network.Move(_world.Nic, blue));

        Assert.Contains("namespace blue now", Assert.Throws<NotFoundException>(() => host.Detach(ComponentSelection.All)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_moved_before_it_was_asked_for_is_looked_for_by_name()
    {
        var blue = Add("blue");
        _world.Kernel.Network.Move(_world.Nic, blue);

        var error = Assert.Throws<NotFoundException>(() => _world.Start().Attach(Component("late")));

        Assert.Equal((NicName, "blue"), (error.MissingInterface, error.FoundInNamespace));
        Assert.EndsWith("The network namespace blue has one of this name.", error.Message, StringComparison.Ordinal);
        blue.Remove(_world.Nic);
        Assert.Null(Assert.Throws<NotFoundException>(() => _world.Start().Attach(Component("late"))).FoundInNamespace);
    }

    [Fact]
    public void One_that_is_nowhere_is_just_gone()
    {
        Add("blue").Add("other");
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => _world.Kernel.Network.Remove(_world.Nic));

        Assert.EndsWith("eth0 (ifindex 3) is gone.", Assert.Throws<NotFoundException>(() => host.Attach(Component("late"))).Message, StringComparison.Ordinal);
    }

    private SimNetwork Add(string name)
    {
        var added = new SimNetwork(name);
        _world.Kernel.Networks.Add(added);
        return added;
    }
}
