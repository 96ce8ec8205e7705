using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>libxdp of each release works with our generic object in place of its own dispatcher.</summary>
public sealed class GenericObjectTests
{
    [ExtTheory]
    [InlineData("1.3", 2)]
    [InlineData("1.5", 2)]
    [InlineData("1.6", 3)]
    public async Task Libxdp_loads_lists_adds_up_to_ten_and_unloads_with_our_object(string release, int version)
    {
        var peer = Peer.Of(release);
        using var stage = new Stage();
        using var generic = new GenericObject(version);
        using var own = new LibxdpActor(peer, stage.BpfFsPath);
        using var actor = new LibxdpActor(peer, stage.BpfFsPath, generic.Folder);

        own.Attach(stage.Interface, new AttachWish("counter")).OrFail();
        var theirs = (await stage.Status()).Chain!;
        own.Detach(stage.Interface).OrFail();

        var ids = new List<uint>();
        for (var count = 1; count <= 10; count++)
        {
            ids.AddRange(actor.Attach(stage.Interface, new AttachWish("counter") { Priority = (uint)(100 - count) }).OrFail().Ids);
            var chain = (await stage.Status()).Chain!;
            Assert.Equal((version, theirs.Version), ((int)chain.Version, chain.Version));
            Assert.NotEqual(theirs.Tag, chain.Tag);
            // The latest has the lowest priority and so runs first.
            Assert.Equal(Enumerable.Reverse(ids), chain.Programs.Select(program => program.Id.Value));
            Assert.Equal(await stage.OurList(), actor.List(stage.Interface).OrFail().Programs);
        }

        Assert.False(actor.Attach(stage.Interface, new AttachWish("counter")).IsDone);
        actor.Detach(stage.Interface, ids[4]).OrFail();
        ids.RemoveAt(4);
        Assert.Equal(Enumerable.Reverse(ids), (await stage.OurList())!.Select(program => program.Id));

        actor.Detach(stage.Interface).OrFail();
        Assert.True((await stage.Status()).IsEmpty);
        Assert.Equal(["xdp"], stage.Pins);
    }
}
