using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>The dispatcher that newcomers are verified against is the one of the chain to come, unless somebody changes that chain first.</summary>
public sealed class SpareDispatcherTests
{
    private const int MostSlots = 10;

    private readonly World _world = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void An_attach_that_nobody_disturbs_loads_one_dispatcher(int there)
    {
        for (var number = 0; number < there; number++)
            _world.Prepare(Component($"old{number}", (uint)(10 * number), actions: ChainCallActions.Of(XdpAction.Pass, XdpAction.Drop)));
        var host = _world.Start();
        var loads = CountLoads(host);

        host.Attach(Component("ours", 15));

        Assert.Equal(2, loads());
        Assert.Equal(there + 1, _world.Run().Length);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_replacement_that_nobody_disturbs_loads_one_dispatcher()
    {
        _world.Prepare(Component("first", 10), Component("second", 20));
        var host = _world.Start();
        var loads = CountLoads(host);

        host.Replace(ComponentSelection.ByName("first"), Component("first"));

        Assert.Equal(2, loads());
        Assert.Equal(["first", "second"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void It_is_let_go_when_the_chain_is_another_one_by_then()
    {
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        var loads = CountLoads(host, nameof(IBpfFs.TryLock), _ => peer.Attach());

        var result = host.Attach(Component("ours", 20));

        Assert.Equal(1, result.Attempts);
        Assert.Equal(3, loads());
        Assert.Equal(["peer", "ours"], _world.Run());
        peer.Finish();
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    public void It_is_used_once()
    {
        var host = _world.Start();
        // A swap that is lost, and the chain to make stays the same.
        var loads = CountLoads(host, nameof(IXdpHook.Swap), call => call.FailWith(KernelErrno.EBUSY));

        host.Attach(Component("ours", 20));

        Assert.Equal(3, loads());
        Assert.Equal(["ours"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void An_eleventh_program_is_refused_before_anything_is_loaded()
    {
        for (var number = 0; number < MostSlots; number++)
            _world.Prepare(Component($"old{number}"));
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        _world.BeforeEach(host, nameof(IBpf.LoadProgram), _ => Assert.Fail("nothing is loaded"));

        var refused = Assert.Throws<RefusedException>(() => host.Attach(Component("eleventh")));

        Assert.Contains("at most 10 programs", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    // Programs that it loads; and what happens before its first call of another kind.
    private Func<int> CountLoads(Host host, string? operation = null, Action<SimCall>? action = null)
    {
        var count = 0;
        _world.Kernel.OnCall = call =>
        {
            if (call.Process != host.Process)
                return;
            count += call.Operation == nameof(IBpf.LoadProgram) ? 1 : 0;
            if (call.Operation == operation && Interlocked.Exchange(ref action, null) is { } once)
                once(call);
        };
        return () => count;
    }
}
