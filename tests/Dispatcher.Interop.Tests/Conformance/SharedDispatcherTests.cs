using Dispatcher.Compiler.Model;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>One dispatcher on several interfaces: to xdp-loader and libxdp of each release every interface has an ordinary chain of its own.</summary>
public sealed class SharedDispatcherTests
{
    [ExtTheory]
    [InlineData("1.3")]
    [InlineData("1.5")]
    [InlineData("1.6")]
    [Rule("P-088")]
    public async Task A_peer_lists_extends_and_empties_one_interface_and_the_others_notice_nothing(string release)
    {
        var peer = Peer.Of(release);
        using var stage = new Stage();
        using var more = new VethPair();
        using var loader = new XdpLoaderActor(peer, stage.BpfFsPath);
        using var libxdp = new LibxdpActor(peer, stage.BpfFsPath);
        string[] names = [stage.Pair.Left.Name, stage.Pair.Right.Name, more.Left.Name, more.Right.Name];
        var request = new AttachRequest(
            [.. ((string[])["firewall", "ids"]).Select(name => ComponentProgram.FromElfFile(ComponentObject.PathOf(name)))],
            new AttachOptions { Protocol = (DispatcherVersion)peer.Writes });
        var result = await stage.Ours.ApplyToAllAsync(names, request, cancellationToken: Stage.Cancellation);
        Assert.True(result.Succeeded, result.FirstFailure?.Message);
        Assert.Single(result.Interfaces.Select(outcome => outcome.Result!.After.Chain!.DispatcherId).Distinct());
        foreach (var name in names)
        {
            foreach (var actor in new IActor[] { loader, libxdp })
                Assert.Equal(["xdp_firewall", "xdp_ids"], actor.List(name).OrFail().Programs.Select(program => program.Name));
        }

        loader.Attach(names[0], new AttachWish("counter")).OrFail();
        libxdp.Attach(names[1], new AttachWish("counter")).OrFail();
        loader.Detach(names[2]).OrFail();

        Assert.Equal(["xdp_firewall xdp_ids xdp_counter", "xdp_firewall xdp_ids xdp_counter", "", "xdp_firewall xdp_ids"], await Chains(stage, names));
        libxdp.Detach(names[0], libxdp.List(names[0]).OrFail().Programs[0].Id).OrFail();
        loader.Clean();
        Assert.Equal(["xdp_ids xdp_counter", "xdp_firewall xdp_ids xdp_counter", "", "xdp_firewall xdp_ids"], await Chains(stage, names));

        string[] left = [names[0], names[1], names[3]];
        Assert.True((await stage.Ours.ApplyToAllAsync(left, new DetachRequest(ComponentSelection.All), cancellationToken: Stage.Cancellation)).Succeeded);
        Assert.Equal(["xdp"], stage.Pins);
    }

    private static async Task<string[]> Chains(Stage stage, string[] names)
    {
        var chains = new List<string>();
        foreach (var name in names)
        {
            var status = await stage.Ours.GetStatusAsync(name, Stage.Cancellation);
            Assert.Null(status.Broken);
            chains.Add(string.Join(' ', status.Chain?.Programs.Select(program => program.Name) ?? []));
        }

        return [.. chains];
    }
}
