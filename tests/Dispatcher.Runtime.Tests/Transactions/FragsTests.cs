using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>Packets in several buffers: who takes them, who keeps others from it, and what the MTU makes of that.</summary>
public sealed class FragsTests
{
    private const int Jumbo = 9000;
    private readonly World _world = new();

    [Fact]
    public void A_chain_takes_frags_when_all_of_it_does_and_says_nothing()
    {
        var result = _world.Start().Attach(Frags("a"), Frags("b"));

        Assert.True(result.After.Chain!.HasFrags);
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void A_newcomer_without_frags_is_named_as_the_one_that_takes_them_from_the_chain()
    {
        var host = _world.Start();
        host.Attach(Frags("jumbo"));

        var result = host.Attach(Component("plain"));

        var note = Assert.Single(result.Notes);
        Assert.Equal(ChangeNoteKind.FragsDowngraded, note.Kind);
        Assert.Contains("jumbo would, but plain would not", note.Message, StringComparison.Ordinal);
        var chain = host.Status().Chain!;
        Assert.False(chain.HasFrags);
        Assert.Equal(["plain"], chain.FragsPreventedBy.Select(program => program.Name));
        Assert.Empty(host.Attach(Component("plainer")).Notes);
        Assert.Single(host.Attach(Frags("second")).Notes);
        host.Detach(ComponentSelection.ByName("plainer"));
        Assert.True(host.Detach(ComponentSelection.ByName("plain")).After.Chain!.HasFrags);
    }

    [Fact]
    public void An_attach_that_the_MTU_forbids_is_refused_before_anything_is_loaded()
    {
        JoinVeth(Jumbo);
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        _world.BeforeEach(host, nameof(IBpf.LoadProgram), _ => Assert.Fail("nothing is loaded"));

        var refused = Assert.Throws<RefusedException>(() => host.Attach(Component("plain")));

        Assert.Contains("plain does not take packets in several buffers", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"lower the MTU of peer0 to {BufferLimit.MaxMtu}", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
    }

    [Fact]
    public void A_newcomer_without_frags_on_a_large_MTU_is_refused_and_the_chain_stays()
    {
        JoinVeth(Jumbo);
        _world.Prepare(Frags("jumbo"));
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);

        Assert.Throws<RefusedException>(() => host.Attach(Component("plain")));

        ChainCheck.AssertSameAs(before, _world);
        Assert.Equal(["jumbo"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void In_skb_mode_the_MTU_does_not_matter()
    {
        JoinVeth(Jumbo);

        _world.Start().Attach([Component("plain")], new AttachOptions { Mode = AttachMode.Skb });

        Assert.Equal(["plain"], _world.Run());
    }

    [Fact]
    public void A_refusal_that_could_not_be_foreseen_is_explained()
    {
        var peer = JoinVeth(1500);
        _world.Prepare(Frags("jumbo"));
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        _world.Before(host, nameof(IXdpHook.Swap), _ => peer.Mtu = Jumbo);

        var refused = Assert.Throws<RefusedException>(() => host.Attach(Component("plain")));

        Assert.Contains("'veth: Peer MTU is too large to set XDP'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("plain does not take packets in several buffers", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-019")]
    public void On_a_kernel_without_frags_the_chain_runs_without_and_says_so()
    {
        _world.Kernel.HasFrags = false;

        var result = _world.Start().Attach(Frags("jumbo"));

        Assert.False(result.After.Chain!.HasFrags);
        Assert.Equal(ChangeNoteKind.FragsUnsupported, Assert.Single(result.Notes).Kind);
        Assert.Equal(["jumbo"], _world.Run());
        Assert.False(_world.Start().Status().Chain!.HasFrags);
    }

    [Fact]
    public void On_a_kernel_without_frags_a_large_MTU_needs_a_newer_one()
    {
        JoinVeth(Jumbo);
        _world.Kernel.HasFrags = false;
        var host = _world.Start();

        var unsupported = Assert.Throws<UnsupportedKernelException>(() => host.Attach(Frags("jumbo")));

        Assert.Equal("5.18", unsupported.MinimumKernel);
        Assert.Contains("lower the MTU of the other end to 3506 or less, attach in skb mode", unsupported.Message, StringComparison.Ordinal);
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    private static ComponentProgram Frags(string name) => Component(name) with { Flags = ProgramFlags.Frags };

    private SimulatedKernel.Network.SimInterface JoinVeth(int mtu)
    {
        var peer = _world.Kernel.Network.Add("peer0", mtu: mtu);
        (_world.Nic.Peer, peer.Peer) = (peer, _world.Nic);
        return peer;
    }
}
