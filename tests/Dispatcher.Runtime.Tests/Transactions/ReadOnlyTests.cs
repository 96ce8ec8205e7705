using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>Where the BPF file system can be read and not written, as in a container that only looks.</summary>
public sealed class ReadOnlyTests
{
    private readonly World _world = new();

    [Fact]
    public void A_chain_is_read_by_its_links_and_cannot_be_changed()
    {
        _world.Prepare(Component("a", 10), Component("b", 20));
        var before = _world.Start().Status();
        _world.Kernel.BpfFs.IsReadOnly = true;
        var host = _world.Start();
        Assert.Equal(before.Chain!.Programs, host.Status().Chain!.Programs);

        var census = SimCensus.Take(_world.Kernel);
        Assert.Equal(KernelErrno.EROFS, Assert.Throws<KernelException>(() => host.Attach(Component("c"))).Errno);
        ChainCheck.AssertSameAs(census, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_chain_of_which_something_is_dead_cannot_be_read()
    {
        _world.Prepare(Component("a", 10), Component("b", 20));
        _world.Kernel.BpfFs.Unpin($"{PinRoot}/{Assert.Single(_world.Directories())}/prog0-link");
        _world.Kernel.BpfFs.IsReadOnly = true;
        Assert.Equal(KernelErrno.EROFS, Assert.Throws<KernelException>(() => _world.Start().Status()).Errno);
    }
}
