using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>Ours and xdp-loader take turns on one chain.</summary>
public sealed class XdpLoaderTests
{
    [ExtFact]
    [Rule("P-001")]
    public async Task A_chain_of_ours_is_listed_extended_and_read_on_by_xdp_loader()
    {
        using var hook = new SharedHook();
        await hook.Load("firewall");
        await hook.ListsAre("xdp_firewall");
        await hook.Load("ids");
        await hook.ListsAre("xdp_firewall", "xdp_ids");
        Assert.Equal([(10u, "XDP_PASS"), (20u, "XDP_PASS")], hook.Peer.Status(hook.Interface).Select(p => (p.Priority, p.Actions)));

        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("counter"));
        await hook.ListsAre("xdp_firewall", "xdp_ids", "xdp_counter");

        await hook.Ours.DetachAsync(hook.Interface, ComponentSelection.ByName("xdp_firewall"), SharedHook.Cancellation);
        await hook.ListsAre("xdp_ids", "xdp_counter");

        hook.Peer.UnloadAll(hook.Interface);
        Assert.True((await hook.Ours.GetStatusAsync(hook.Interface, SharedHook.Cancellation)).IsEmpty);
        Assert.Equal(["xdp"], hook.Pins);
    }

    [ExtFact]
    [Rule("P-001", "P-002")]
    public async Task A_chain_of_xdp_loader_is_read_extended_and_emptied_by_ours()
    {
        using var hook = new SharedHook();
        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("ids"));
        await hook.ListsAre("xdp_ids");
        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("firewall"));
        await hook.ListsAre("xdp_firewall", "xdp_ids");
        var ids = (await hook.OurList())[1].Id;

        var change = await hook.Load("counter");
        await hook.ListsAre("xdp_firewall", "xdp_ids", "xdp_counter");
        Assert.Equal(ids, (await hook.OurList())[1].Id);

        await hook.Ours.DetachAsync(hook.Interface, ComponentSelection.ByName("xdp_firewall"), SharedHook.Cancellation);
        await hook.ListsAre("xdp_ids", "xdp_counter");
        hook.Peer.Unload(hook.Interface, ids);
        await hook.ListsAre("xdp_counter");
        Assert.Equal(change.Programs.Single().Id.Value, (await hook.OurList()).Single().Id);

        await hook.Ours.DetachAsync(hook.Interface, ComponentSelection.ById(change.Programs.Single().Id), SharedHook.Cancellation);
        Assert.Empty(hook.Peer.Status(hook.Interface));
        Assert.Equal(["xdp"], hook.Pins);
    }

    [ExtFact]
    [Rule("P-065", "P-153")]
    public async Task Actions_and_mode_of_the_peer_are_kept_by_our_changes()
    {
        using var hook = new SharedHook();
        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("firewall"));
        var before = await hook.Ours.GetStatusAsync(hook.Interface, SharedHook.Cancellation);

        var change = await hook.Load("counter");

        Assert.Equal((before.Mode, before.Chain!.Version), (change.After.Mode, change.After.Chain!.Version));
        Assert.Equal(before.Chain.Programs.Single(), change.After.Chain.Programs[0]);
        Assert.Equal(AttachMode.Native, change.After.Mode);
    }
}
