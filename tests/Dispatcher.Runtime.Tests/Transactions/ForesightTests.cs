using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.Runtime.Transactions;
using Dispatcher.SimulatedKernel;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>What a process remembers of chains that it read or made, to foresee what a change leads to.</summary>
public sealed class ForesightTests
{
    private readonly World _world = new();

    [Fact]
    public void A_chain_that_is_known_is_opened_once_and_one_that_is_not_twice()
    {
        var host = _world.Start();
        host.Attach(Component("a", 10));
        var opened = 0;
        _world.BeforeEach(host, nameof(IBpfFs.OpenLink), _ => opened++);

        host.Attach(Component("b", 20));
        Assert.Equal(1, opened);
        _world.Start().Attach(Component("rival", 30));
        opened = 0;
        host.Attach(Component("c", 40));

        Assert.Equal(6, opened);
        ChainCheck.AssertCarries(_world, ["a", "b", "rival", "c"]);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void What_is_known_of_a_chain_is_what_is_read_of_it()
    {
        var host = _world.Start();
        host.Attach(Component("a", 10) with { Flags = ProgramFlags.Frags }, Component("b", 20));
        host.SetPolicy(ComponentSelection.ByName("b"), 5);

        Assert.Equal(_world.Start().Status().ToString(), host.Status().ToString());
        Assert.Equal(_world.Start().Status().Chain!.Programs, host.Status().Chain!.Programs);
        var request = new AttachRequest([Component("c", 7)]);
        Assert.Equal(_world.Start().Plan(request).After!.Programs, host.Plan(request).After!.Programs);
    }

    [Fact]
    public void Pins_that_a_known_chain_lost_are_missed_under_the_lock()
    {
        var host = _world.Start();
        host.Attach(Component("a", 10), Component("b", 20));
        _world.Kernel.BpfFs.Unpin($"{World.PinRoot}/dispatch-{_world.Nic.Index}-{_world.Nic.Occupant!.Program.Id}/prog1-link");
        var before = SimCensus.Take(_world.Kernel);

        Assert.Throws<BrokenChainException>(() => host.Attach(Component("c", 30)));

        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void The_image_of_a_dispatcher_is_made_once()
    {
        static DispatcherSpec Spec() => new(DispatcherVersion.V2, [Slot.Default, new Slot(7, ChainCallActions.Of(XdpAction.Drop))]);
        Assert.Same(DispatcherImage.Of(Spec()), DispatcherImage.Of(Spec()));
        Assert.NotSame(DispatcherImage.Of(Spec()), DispatcherImage.Of(new DispatcherSpec(DispatcherVersion.V3, Spec().Slots)));
        for (uint priority = 0; priority < 500; priority++)
            Assert.Equal(priority, DispatcherImage.Of(new DispatcherSpec(DispatcherVersion.V2, [new Slot(priority, ChainCallActions.Default)])).Generated.Spec.Slots[0].Priority);
    }
}
