using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Cleaning;

/// <summary>What is removed is dead, and what may be alive is left, with the reason.</summary>
public sealed class SweepTests
{
    private readonly World _world = new();

    [Fact]
    [Rule("P-166", "P-167")]
    public void A_chain_that_a_dead_process_pinned_and_never_attached_is_removed_by_the_next_change()
    {
        _world.Prepare(Component("a"));
        Abandon();
        Assert.Equal(2, _world.Directories().Length);

        _world.Start().Attach(Component("z"));

        AssertTidy("a", "z");
    }

    [Fact]
    [Rule("P-166")]
    public void Clean_removes_it_and_says_why()
    {
        _world.Prepare(Component("a"));
        Abandon();

        var result = _world.Start().Clean();

        var removed = Assert.Single(result.Directories, found => found.Verdict == SweepVerdict.Removed);
        Assert.Contains("attached nowhere and no process holds it", removed.Reason, StringComparison.Ordinal);
        var left = Assert.Single(result.Directories, found => found.Verdict == SweepVerdict.Kept);
        Assert.Contains("runs on eth0", left.Reason, StringComparison.Ordinal);
        AssertTidy("a");
    }

    [Fact]
    public void A_dry_run_says_the_same_and_changes_nothing()
    {
        _world.Prepare(Component("a"));
        Abandon();
        var before = SimCensus.Take(_world.Kernel);

        var tried = _world.Start().Clean(dryRun: true);

        ChainCheck.AssertSameAs(before, _world);
        var done = _world.Start().Clean();
        Assert.Equal(
            done.Directories.Select(found => (found.Path, found.Reason)), tried.Directories.Select(found => (found.Path, found.Reason)));
        Assert.Contains(tried.Directories, found => found.Verdict == SweepVerdict.WouldRemove);
    }

    [Fact]
    [Rule("P-162")]
    public void A_peer_between_its_pins_and_its_attach_keeps_them()
    {
        _world.Prepare(Component("a"));
        var peer = new Peer(_world, Component("peer"));

        var left = Assert.Single(_world.Start().Clean().Directories, found => found.Reason.Contains("peer", StringComparison.Ordinal));

        Assert.Equal(SweepVerdict.Kept, left.Verdict);
        Assert.Matches(@"^process \d+ \(peer\) holds dispatcher \d+$", left.Reason);
        peer.Attach();
        peer.Finish();
        AssertTidy("a", "peer");
    }

    [Theory]
    [InlineData(nameof(IHostView.ReadHolders))]
    [InlineData(nameof(IHostView.ReadNamespaces))]
    [Rule("P-163")]
    public void A_peer_that_attaches_and_ends_while_we_look_keeps_its_pins(string moment)
    {
        _world.Prepare(Component("a"));
        var peer = new Peer(_world, Component("peer"));
        var host = _world.Start();
        _world.Before(host, moment, _ =>
        {
            peer.Attach();
            peer.Finish();
        });

        host.Clean();

        AssertTidy("a", "peer");
    }

    [Fact]
    [Rule("P-163")]
    public void A_chain_in_another_network_namespace_on_the_same_ifindex_keeps_its_pins()
    {
        var other = new SimNetwork("blue");
        _world.Kernel.Networks.Add(other);
        other.Add("lo", hasNativeMode: false);
        other.Add("eth0");
        var neighbour = new Host(_world.Kernel.StartProcess("neighbour", other), new XdpDispatcherOptions { BpfFsPath = "/sys/fs/bpf" });
        neighbour.Attach(Component("theirs"));
        neighbour.Process.Kill();

        _world.Start().Attach(Component("ours"));
        var result = _world.Start().Clean();

        Assert.Equal(["theirs"], _world.Kernel.Receive(other.Find("eth0"), new byte[64]).Names);
        Assert.Equal(2, _world.Directories().Length);
        Assert.Contains(result.Directories, found => found.Reason.EndsWith("runs on eth0 in network namespace blue", StringComparison.Ordinal));
    }

    [Fact]
    [Rule("P-165")]
    public void Without_a_view_of_all_processes_young_pins_are_left_and_old_ones_go()
    {
        _world.Prepare(Component("a"));
        _world.Kernel.SeesAllProcesses = false;
        Abandon();

        var young = _world.Start().Clean();
        Assert.Contains(young.Directories, found => found.Reason.Contains("less than 60 s ago", StringComparison.Ordinal));
        Assert.Equal(2, _world.Directories().Length);

        _world.Kernel.MoveClock(TimeSpan.FromSeconds(61));
        _world.Start().Clean();
        AssertTidy("a");
    }

    [Fact]
    [Rule("P-164")]
    public void Without_a_view_of_all_namespaces_pins_are_left_however_old()
    {
        _world.Prepare(Component("a"));
        _world.Kernel.SeesAllNamespaces = false;
        Abandon();
        _world.Kernel.MoveClock(TimeSpan.FromDays(1));

        var result = _world.Start().Clean();

        Assert.All(result.Directories, found => Assert.Equal(SweepVerdict.Kept, found.Verdict));
        Assert.Contains(result.Directories, found => found.Reason.Contains("not every network namespace can be seen", StringComparison.Ordinal));
    }

    [Fact]
    [Rule("P-160")]
    public void What_the_protocol_does_not_know_is_left()
    {
        _world.Prepare(Component("a"));
        Abandon();
        var dead = $"{PinRoot}/{_world.Directories().Last()}";
        _world.Kernel.BpfFs.MakeDirectory($"{dead}/notes");
        _world.Kernel.BpfFs.MakeDirectory($"{PinRoot}/dispatch-what");

        var result = _world.Start().Clean();

        Assert.Equal("it holds 'notes', which the protocol does not know", Assert.Single(result.Directories, found => found.Path == dead).Reason);
        Assert.Equal(2, result.Directories.Length);
        Assert.Equal(3, _world.Directories().Length);
    }

    [Fact]
    [Rule("P-161")]
    public void A_directory_whose_dispatcher_is_gone_is_removed_though_nothing_can_be_seen()
    {
        _world.Prepare(Component("a"));
        _world.Kernel.SeesAllNamespaces = false;
        _world.Kernel.SeesAllProcesses = false;
        _world.Kernel.BpfFs.MakeDirectory($"{PinRoot}/dispatch-{_world.Nic.Index}-77");

        var removed = Assert.Single(_world.Start().Clean(interfaceName: NicName).Directories, found => found.Verdict == SweepVerdict.Removed);

        Assert.Equal("dispatcher 77 is gone", removed.Reason);
        AssertTidy("a");
    }

    [Fact]
    public void Where_nothing_was_ever_pinned_there_is_nothing_to_clean()
    {
        var result = _world.Start().Clean();

        Assert.Empty(result.Directories);
        Assert.Empty(result.Chains);
    }

    // A process dies between its pins and its swap.
    private void Abandon()
    {
        var victim = _world.Start("victim");
        _world.Before(victim, nameof(IXdpHook.Swap), call => call.Crash());
        Assert.Throws<ProcessDiedException>(() => victim.Attach(Component("lost")));
        _world.Kernel.OnCall = null;
        _world.Kernel.Settle();
    }

    private void AssertTidy(params string[] names)
    {
        _world.Kernel.Settle();
        ChainCheck.AssertCarries(_world, [.. names]);
        ChainCheck.AssertOnlyLivePins(_world);
    }
}
