using Dispatcher.Compiler.Model;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>Chains that libxdp of one release began, changed by ours, go on being libxdp's.</summary>
public sealed class MixedChainTests
{
    [ExtTheory]
    [InlineData("1.3")]
    [InlineData("1.5")]
    [InlineData("1.6")]
    public async Task A_chain_of_libxdp_is_added_to_by_ours_and_listed_and_emptied_by_libxdp(string release)
    {
        var peer = Peer.Of(release);
        using var stage = new Stage();
        using var actor = new LibxdpActor(peer, stage.BpfFsPath);
        var first = actor.Attach(stage.Interface, new AttachWish("ids")).OrFail().Ids[0];
        Assert.Equal(peer.Writes, (int)(await stage.Status()).Chain!.Version);

        // One to two, and back: the component that is alone stands in for the entry function.
        var ours = (await stage.Load(null, "firewall")).Programs.Single().Id.Value;
        await Agree(stage, actor, ours, first);
        actor.Detach(stage.Interface, ours).OrFail();
        await Agree(stage, actor, first);

        var two = (await stage.Load(null, "firewall", "counter")).Programs.Select(program => program.Id.Value).ToList();
        await Agree(stage, actor, two[0], first, two[1]);
        actor.Detach(stage.Interface, first).OrFail();
        await Agree(stage, actor, two[0], two[1]);
        Assert.Equal(peer.Writes, (int)(await stage.Status()).Chain!.Version);
        actor.Detach(stage.Interface).OrFail();
        Assert.True((await stage.Status()).IsEmpty);
        Assert.Equal(["xdp"], stage.Pins);
    }

    [ExtTheory]
    [InlineData("1.3")]
    [InlineData("1.5")]
    [InlineData("1.6")]
    [Rule("P-144")]
    public async Task A_chain_that_ours_converts_is_changed_by_libxdp_of_its_version(string release)
    {
        var peer = Peer.Of(release);
        var (own, other) = ((DispatcherVersion)peer.Writes, peer.Writes == 2 ? DispatcherVersion.V3 : DispatcherVersion.V2);
        using var stage = new Stage();
        using var actor = new LibxdpActor(peer, stage.BpfFsPath);
        var first = actor.Attach(stage.Interface, new AttachWish("ids")).OrFail().Ids[0];
        var second = (await stage.Load(null, "firewall")).Programs.Single().Id.Value;

        // Over to a version that the peer does not change, and back while it looks on.
        await stage.Ours.ConvertAsync(stage.Interface, other, Stage.Cancellation);
        Assert.Equal([second, first], (await stage.OurList())!.Select(program => program.Id));
        Assert.False(actor.Attach(stage.Interface, new AttachWish("counter")).IsDone);
        Assert.Equal(other, (await stage.Status()).Chain!.Version);

        await stage.Ours.ConvertAsync(stage.Interface, own, Stage.Cancellation);
        await Agree(stage, actor, second, first);
        var third = actor.Attach(stage.Interface, new AttachWish("counter")).OrFail().Ids[0];
        await Agree(stage, actor, second, first, third);
        actor.Detach(stage.Interface, second, first).OrFail();
        await Agree(stage, actor, third);
        actor.Detach(stage.Interface).OrFail();
        Assert.Equal(["xdp"], stage.Pins);
    }

    private static async Task Agree(Stage stage, LibxdpActor actor, params uint[] ids)
    {
        var ours = await stage.OurList();
        Assert.Equal(ids, ours!.Select(program => program.Id));
        Assert.Equal(ours, actor.List(stage.Interface).OrFail().Programs);
    }
}
