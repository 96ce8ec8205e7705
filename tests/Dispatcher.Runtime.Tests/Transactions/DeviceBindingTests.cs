using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>Chains whose programs are bound to the device.</summary>
public sealed class DeviceBindingTests
{
    private readonly World _world = new();

    [Fact]
    [Rule("P-020", "P-050", "P-067")]
    public void A_bound_chain_grows_shrinks_and_stays_bound()
    {
        var host = _world.Start();

        var result = host.Attach(Bound("a"), Bound("b"));
        host.Attach(Bound("c"));
        host.Detach(ComponentSelection.ByName("a"));

        Assert.Equal(DispatcherVersion.V3, result.After.Chain!.Version);
        Assert.All(result.Programs, program => Assert.True(program.IsDeviceBound));
        Assert.Equal(["b", "c"], _world.Run());
        Assert.Equal(_world.Nic, _world.Nic.Occupant!.Program.BoundTo);
        Assert.All(host.Status().Chain!.Programs, program => Assert.True(program.IsDeviceBound));
        host.Detach(ComponentSelection.All);
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rule("P-145")]
    public void A_mix_is_refused_before_a_component_is_loaded(bool isBoundFirst)
    {
        var (bound, plain) = (Bound("bound"), Component("plain"));
        _world.Prepare(isBoundFirst ? bound : plain);
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        var loads = 0;
        _world.BeforeEach(host, nameof(IBpf.LoadProgram), _ => loads++);

        var refused = Assert.Throws<RefusedException>(() => host.Attach(isBoundFirst ? plain : bound));

        Assert.Matches(@"'bound' \((new|id \d+)\) is device-bound, 'plain' \((new|id \d+)\) is not", refused.Message);
        Assert.Equal(isBoundFirst ? 0 : 1, loads); // a dispatcher, to see whether anything can be bound here
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-145")]
    public void A_chain_that_came_meanwhile_and_is_not_bound_stays()
    {
        var host = _world.Start();
        _world.Before(host, nameof(IBpf.LoadProgram), _ => _world.Prepare(Component("plain")));

        Assert.Throws<RefusedException>(() => host.Attach(Bound("bound")));

        Assert.Equal(["plain"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void In_skb_mode_it_is_refused()
    {
        var host = _world.Start();
        Assert.Throws<RefusedException>(() => host.Attach([Bound("bound")], new AttachOptions { Mode = AttachMode.Skb }));
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData(AttachMode.Unspecified)]
    [InlineData(AttachMode.Skb)]
    public void A_kernel_that_binds_none_is_named_rather_than_what_else_stands_in_the_way(AttachMode mode)
    {
        _world.Prepare(Component("plain"));
        _world.Kernel.HasDeviceBinding = false;
        var host = _world.Start();

        Assert.Throws<UnsupportedKernelException>(() => host.Attach([Bound("bound")], new AttachOptions { Mode = mode }));

        Assert.Equal(["plain"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_kernel_that_binds_none_is_named()
    {
        _world.Kernel.HasDeviceBinding = false;
        var host = _world.Start();

        var unsupported = Assert.Throws<UnsupportedKernelException>(() => host.Attach(Bound("bound") with { Flags = ProgramFlags.DeviceBound | ProgramFlags.Frags }));

        Assert.Equal("6.3", unsupported.MinimumKernel);
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_driver_without_metadata_is_named()
    {
        var world = new World(hasNativeMode: false);
        var refused = Assert.Throws<RefusedException>(() => world.Start().Attach(Bound("bound")));
        Assert.Contains("The driver of eth0", refused.Message, StringComparison.Ordinal);
        Assert.Empty(world.Directories());
    }

    [Fact]
    public void An_interface_that_goes_before_the_binding_is_gone()
    {
        var host = _world.Start();
        _world.Before(host, nameof(IBpf.LoadProgram), _ => _world.Kernel.Network.Remove(_world.Nic));
        Assert.Contains("is gone", Assert.Throws<NotFoundException>(() => host.Attach(Bound("bound"))).Message, StringComparison.Ordinal);
    }

    private static ComponentProgram Bound(string name) => Component(name) with { Flags = ProgramFlags.DeviceBound };
}
