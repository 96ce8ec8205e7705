using System.Collections.Immutable;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>What holds at every moment, whatever happened.</summary>
internal static class ChainCheck
{
    /// <summary>The NIC carries one of these chains, and no packet slips past a component of it.</summary>
    public static void AssertCarries(World world, params IReadOnlyList<ImmutableArray<string>> chains)
    {
        var run = world.Receive();
        Assert.Equal(0, run.BypassedSlots);
        Assert.Contains(chains, chain => chain.SequenceEqual(run.Names));
    }

    /// <summary>Nothing of a process is left: no fd, no lock.</summary>
    public static void AssertNothingHeld(Host host)
    {
        Assert.Empty(host.Process.OpenFds);
        Assert.Equal(0, host.Process.LockCount);
    }

    /// <summary>Every dispatcher directory is that of a dispatcher on the NIC.</summary>
    public static void AssertOnlyLivePins(World world)
    {
        var attached = world.Nic.Occupant?.Program;
        Assert.Equal(attached is null ? [] : [$"dispatch-{world.Nic.Index}-{attached.Id}"], world.Directories());
    }

    /// <summary>Nothing lives in the kernel that the pins and the NIC do not keep: what a dead process leaves behind is not counted here.</summary>
    public static void AssertSameAs(ImmutableArray<string> before, World world) => Assert.Equal(before, SimCensus.Take(world.Kernel));
}
