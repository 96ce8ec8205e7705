using System.Globalization;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

public sealed class ContentionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly World _world = new();

    [Fact]
    [Rule("P-125", "P-130")]
    public void A_hook_that_never_rests_is_given_up_at_the_deadline_with_attempts_and_cause()
    {
        var peers = new[] { new Peer(_world, Component("one")), new Peer(_world, Component("two")) };
        peers[0].ForceAttach();
        var host = _world.Start(configure: options => options.Deadline = Limit);
        var before = SimCensus.Take(_world.Kernel);
        var swaps = 0;
        _world.BeforeEach(host, nameof(IXdpHook.Swap), _ => peers[++swaps % 2].ForceAttach());

        var given = Assert.Throws<ContentionException>(() => host.Attach(Component("ours")));

        Assert.Equal(swaps, given.Attempts);
        Assert.InRange(given.Attempts, 10, 1000);
        Assert.InRange(given.Elapsed, Limit, Limit * 1.1);
        Assert.Contains("Active program does not match expected", given.LastCause, StringComparison.Ordinal);
        Assert.Contains(NicName, given.Message, StringComparison.Ordinal);
        Assert.Equal(given.Attempts, given.LostRaces.Count);
        ChainCheck.AssertNothingHeld(host);
        if (swaps % 2 == 1)
            peers[0].ForceAttach();
        ChainCheck.AssertSameAs(before, _world);
    }

    [Fact]
    [Rule("P-092")]
    public void A_lock_held_by_another_process_until_the_deadline_is_told_with_its_pid()
    {
        _world.Prepare(Component("old"));
        var holder = _world.Kernel.StartProcess();
        using var held = holder.Port.Files.TryLock(PinRoot);
        var host = _world.Start(configure: options => options.Deadline = Limit);

        var given = Assert.Throws<ContentionException>(() => host.Attach(Component("ours")));

        Assert.Contains($"process {holder.Pid.ToString(CultureInfo.InvariantCulture)} holds the lock", given.Message, StringComparison.Ordinal);
        Assert.InRange(given.Elapsed, Limit, Limit * 1.1);
        Assert.Equal(["old"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_lock_whose_holder_dies_is_taken()
    {
        _world.Prepare(Component("old", 10));
        var holder = _world.Kernel.StartProcess();
        Assert.NotNull(holder.Port.Files.TryLock(PinRoot));
        var host = _world.Start();
        _world.Before(host, nameof(IPace.Wait), _ => holder.Kill(), skip: 3);

        host.Attach(Component("ours", 20));

        Assert.Equal(["old", "ours"], _world.Run());
    }

    [Fact]
    [Rule("P-130")]
    public void Cancelling_while_waiting_for_the_lock_leaves_nothing()
    {
        _world.Prepare(Component("old"));
        var holder = _world.Kernel.StartProcess();
        using var held = holder.Port.Files.TryLock(PinRoot);
        using var cancellation = new CancellationTokenSource();
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        _world.Before(host, nameof(IPace.Wait), _ => cancellation.Cancel());

        Assert.ThrowsAny<OperationCanceledException>(() => host.AttachUnless(cancellation.Token, Component("ours")));

        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertSameAs(before, _world);
    }

    [Fact]
    [Rule("P-130")]
    public void Cancelling_between_two_attempts_leaves_nothing()
    {
        var peer = new Peer(_world, Component("peer"));
        using var cancellation = new CancellationTokenSource();
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ =>
        {
            peer.Attach();
            cancellation.Cancel();
        });

        Assert.ThrowsAny<OperationCanceledException>(() => host.AttachUnless(cancellation.Token, Component("ours")));

        Assert.Equal(["peer"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    public void A_change_that_was_made_stays_made_when_it_is_cancelled_late()
    {
        using var cancellation = new CancellationTokenSource();
        var host = _world.Start();
        _world.Kernel.OnSwapped = _ => cancellation.Cancel();

        host.AttachUnless(cancellation.Token, Component("ours"));

        Assert.Equal(["ours"], _world.Run());
    }

    [Fact]
    [Rule("P-131")]
    public void A_kernel_that_refuses_three_times_over_an_unchanged_hook_is_quoted()
    {
        var bond = _world.Kernel.Network.Add("bond0");
        var stranger = _world.Kernel.StartProcess();
        stranger.ForceHook(bond, LoadPlain(stranger));
        _world.Nic.Upper = bond;
        var host = _world.Start();
        _world.Kernel.BpfFs.MakeDirectory(PinRoot);
        var before = SimCensus.Take(_world.Kernel);

        var refused = Assert.Throws<RefusedException>(() => host.Attach(Component("ours")));

        Assert.Contains("Cannot attach when an upper device already has a program", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertSameAs(before, _world);
    }

    [Fact]
    public void Two_refusals_over_a_hook_that_changed_and_changed_back_are_only_lost_races()
    {
        _world.Prepare(Component("old", 10));
        var host = _world.Start();
        var refusals = 0;
        _world.BeforeEach(host, nameof(IXdpHook.Swap), call =>
        {
            if (++refusals <= 2)
                call.FailWith(KernelErrno.EEXIST, "Active program does not match expected");
        });

        Assert.Equal(3, host.Attach(Component("ours", 20)).Attempts);
        Assert.Equal(["old", "ours"], _world.Run());
    }
}
