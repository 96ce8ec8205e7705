using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>What our rebuild makes of a chain that libxdp built.</summary>
public sealed class PeerBuiltChainTests
{
    [ExtFact]
    [Rule("P-049")]
    public async Task The_shortcut_for_one_program_is_taken_and_left_in_both_directions()
    {
        using var hook = new SharedHook();
        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("firewall"));
        Assert.Equal(["xdp_dispatcher"], await hook.Targets());

        await hook.Load("ids");
        Assert.Equal(["prog0", "prog1"], await hook.Targets());
        await hook.ListsAre("xdp_firewall", "xdp_ids");

        await hook.Ours.DetachAsync(hook.Interface, ComponentSelection.ByName("xdp_ids"), SharedHook.Cancellation);
        Assert.Equal(["xdp_dispatcher"], await hook.Targets());
        await hook.ListsAre("xdp_firewall");

        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("counter"));
        Assert.Equal(["prog0", "prog1"], await hook.Targets());
        hook.Peer.UnloadAll(hook.Interface);
    }

    /// <summary>The stubs of libxdp before 1.5.5 change no packets, so kernels from 6.13 on refuse the component over them, and let it over ours.</summary>
    [ExtTheory]
    [InlineData("1.3")]
    [InlineData("1.5")]
    [InlineData("1.6")]
    [Rule("P-043")]
    public async Task A_component_that_changes_packets_joins_a_chain_whose_stubs_do_not(string release)
    {
        using var stage = new Stage();
        using var actor = new LibxdpActor(Peer.Of(release), stage.BpfFsPath);
        actor.Attach(stage.Interface, new AttachWish("firewall", "ids")).OrFail();

        await stage.Load(null, "mark");

        Assert.Equal("xdp_firewall xdp_ids xdp_mark_push", await stage.Names());
        Assert.Equal(await stage.OurList(), actor.List(stage.Interface).OrFail().Programs);
        actor.Detach(stage.Interface).OrFail();
        Assert.Equal(["xdp"], stage.Pins);
    }
}
