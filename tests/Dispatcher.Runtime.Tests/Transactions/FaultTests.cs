using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>Each call in turn ends in an errno.</summary>
public sealed class FaultTests
{
    public static TheoryData<string, int> Faults
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in Change.All.Keys)
            {
                foreach (var errno in (int[])[KernelErrno.ENOMEM, KernelErrno.EPERM, KernelErrno.ENOENT, KernelErrno.EBUSY, KernelErrno.EEXIST])
                    data.Add(name, errno);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    [Rule("P-128", "P-130")]
    public void Whichever_call_fails_the_change_is_made_or_nothing_changed(string name, int errno)
    {
        var change = Change.All[name];
        var count = change.CountCalls();
        for (var index = 0; index < count; index++)
        {
            var world = change.Arrange();
            var host = world.Start();
            var before = SimCensus.Take(world.Kernel);
            SimCall? failed = null;
            world.BeforeCall(host, index, call =>
            {
                failed = call;
                call.FailWith(errno, "injected");
            });

            var error = Record.Exception(() => change.Make(host));

            world.Kernel.Settle();
            Assert.True(host.Process.OpenFds.Count == 0 && host.Process.LockCount == 0, $"{failed} left {string.Join(", ", host.Process.OpenFds)}");
            if (error is null)
            {
                ChainCheck.AssertCarries(world, change.After);
                AssertTidy(world, failed!);
            }
            else
            {
                Assert.True(error is DispatcherException, $"{failed} ended in {error}");
                AssertSame(before, world, $"{failed} ended in {error.Message}");
            }
        }
    }

    [Theory]
    [InlineData("first attach")]
    [InlineData("third attach")]
    [InlineData("detach of one of two")]
    [InlineData("detach of all")]
    [InlineData("convert 3 from V2 to V3")]
    [Rule("P-126")]
    public void A_swap_whose_answer_is_lost_is_not_undone(string name)
    {
        var change = Change.All[name];
        var world = change.Arrange();
        var host = world.Start();
        world.Kernel.OnSwapped = call =>
        {
            if (call.Process == host.Process)
                call.FailWith(KernelErrno.ENOMEM);
        };

        change.Make(host);

        ChainCheck.AssertNothingHeld(host);
        world.Kernel.Settle();
        ChainCheck.AssertCarries(world, change.After);
        ChainCheck.AssertOnlyLivePins(world);
    }

    [Fact]
    [Rule("P-126")]
    public void A_swap_that_cannot_be_told_from_a_failure_leaves_the_pins()
    {
        var world = new World();
        world.Prepare(Component("old", 10));
        var host = world.Start();
        var isSwapped = false;
        world.Kernel.OnSwapped = call =>
        {
            isSwapped = true;
            call.FailWith(KernelErrno.ENOMEM, "first");
        };
        world.BeforeEach(host, nameof(IXdpHook.Read), call =>
        {
            if (isSwapped)
                call.FailWith(KernelErrno.EPERM, "second");
        });

        var error = Assert.Throws<KernelException>(() => host.Attach(Component("new", 20)));

        Assert.Equal("first", error.KernelText);
        ChainCheck.AssertNothingHeld(host);
        world.Kernel.Settle();
        ChainCheck.AssertCarries(world, ["old", "new"]);
        Assert.Equal(["old", "new"], world.Start().Names());
    }

    [Fact]
    public void An_undo_that_fails_does_not_hide_a_lost_race()
    {
        var world = new World();
        var peer = new Peer(world, Component("peer", 10));
        var host = world.Start();
        var unpins = 0;
        world.Kernel.OnCall = call =>
        {
            if (call.Process != host.Process)
                return;
            if (call.Operation == nameof(IXdpHook.Swap) && unpins == 0)
                peer.Attach();
            if (call.Operation == nameof(IBpfFs.Unpin) && ++unpins == 1)
                call.FailWith(KernelErrno.EPERM);
        };

        host.Attach(Component("ours", 20));

        ChainCheck.AssertCarries(world, ["peer", "ours"]);
        ChainCheck.AssertNothingHeld(host);
        Assert.Contains(host.LogLines, line => line.Contains("undo", StringComparison.Ordinal));
    }

    [Fact]
    public void An_undo_that_fails_does_not_replace_the_first_error()
    {
        var world = new World();
        var host = world.Start();
        world.Kernel.OnCall = call =>
        {
            if (call.Operation == nameof(IXdpHook.Swap))
                call.FailWith(KernelErrno.ENOMEM, "first");
            if (call.Operation == nameof(IBpfFs.Unpin))
                call.FailWith(KernelErrno.EPERM, "second");
        };

        var error = Assert.Throws<KernelException>(() => host.Attach(Component("ours")));

        Assert.Equal("first", error.KernelText);
        ChainCheck.AssertNothingHeld(host);
    }

    // After the swap nothing is undone. A clean-up of old pins that fails leaves them to be swept, and nothing else may.
    private static void AssertTidy(World world, SimCall failed)
    {
        var isCleanUp = failed.Operation is nameof(IBpfFs.Unpin) or nameof(IBpfFs.List) or nameof(IBpfFs.RemoveDirectory);
        if (!isCleanUp)
            ChainCheck.AssertOnlyLivePins(world);
        Assert.Equal(world.Run(), world.Start().Names());
    }

    private static void AssertSame(ImmutableArray<string> before, World world, string because)
    {
        var after = SimCensus.Take(world.Kernel);
        Assert.True(before.SequenceEqual(after), $"{because}\nleft over: {string.Join("; ", after.Except(before))}\ngone: {string.Join("; ", before.Except(after))}");
    }
}
