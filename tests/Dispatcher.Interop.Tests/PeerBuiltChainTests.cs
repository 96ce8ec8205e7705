using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>What our rebuild makes of a chain that xdp-loader built.</summary>
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
    [ExtFact]
    [Rule("P-043")]
    public async Task A_component_that_changes_packets_joins_a_chain_whose_stubs_do_not()
    {
        using var hook = new SharedHook();
        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("firewall"));
        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("ids"));

        await hook.Load("mark");

        await hook.ListsAre("xdp_firewall", "xdp_ids", "xdp_mark_push");
        hook.Peer.UnloadAll(hook.Interface);
        Assert.Equal(["xdp"], hook.Pins);
    }
}
