using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;
using static Dispatcher.Kernel.Tests.Chain.ComponentMaps;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>A component is exchanged for another version of it while its maps go on.</summary>
public sealed class ReplaceTests
{
    private static readonly string[] Key = ["35", "00", "11", "00"];

    [ExtFact]
    public async Task Maps_go_on_with_their_contents_or_begin_anew_as_asked()
    {
        using var chain = new ChainFixture();
        var firewall = ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall"));
        var first = (await chain.Attach(chain.One, firewall, Returning("guest", XdpAction.Pass))).Programs[0].Id;
        var (ports, stats) = (MapOf(first.Value, "blocked_ports"), MapOf(first.Value, "firewall_stats"));
        Tool.Run("bpftool", ["map", "update", "id", ports, "key", "hex", .. Key, "value", "hex", "2a", "0", "0", "0", "0", "0", "0", "0"]).OrFail();

        var result = await chain.Other.ReplaceAsync(
            chain.Interface, ComponentSelection.ByName("xdp_firewall"), firewall,
            new ReplaceOptions { MapsByName = new ReplaceOptions().MapsByName.Add("firewall_stats", MapHandling.Fresh) }, Cancellation);

        var second = result.Programs.Single().Id;
        Assert.NotEqual(first, second);
        Assert.Equal((ports, false), (MapOf(second.Value, "blocked_ports"), MapOf(second.Value, "firewall_stats") == stats));
        Assert.Contains("0x2a", Tool.Run("bpftool", ["-j", "map", "lookup", "id", ports, "key", "hex", .. Key]).OrFail().Output, StringComparison.Ordinal);
        Assert.Equal(["xdp_firewall", "guest"], await chain.Names());
        Assert.Equal(XdpAction.Pass, await chain.Verdict());
    }

    [ExtFact]
    public async Task Every_way_in_which_a_map_does_not_fit_is_named_and_nothing_is_changed()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall")));
        var before = await chain.Read();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => chain.One.ReplaceAsync(
            chain.Interface, ComponentSelection.ByName("xdp_firewall"), ComponentProgram.FromElfFile(ComponentObject.PathOf("other_maps")), null, Cancellation));

        string[] differences =
        [
            "blocked_ports: type hash in the chain and lru_hash in the object", "keys of 4 bytes in the chain and 8 in the object",
            "values of 8 bytes in the chain and 4 in the object", "4096 entries at most in the chain and 128 in the object",
            "flags 0x0 in the chain and 0x2 in the object", "firewall_stats: value: .packets is called 'frames' in the object",
        ];
        Assert.All(differences, difference => Assert.Contains(difference, refused.Message, StringComparison.Ordinal));
        Assert.Equal(before.Chain!.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
    }

    [ExtFact]
    public async Task What_the_verifier_refuses_leaves_the_old_version_running()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("guard", XdpAction.Drop));
        var before = await chain.Read();
        await Assert.ThrowsAsync<VerifierException>(() => chain.One.ReplaceAsync(
            chain.Interface, ComponentSelection.ByName("guard"), ComponentProgram.FromElfFile(ComponentObject.PathOf("refused")), null, Cancellation));
        Assert.Equal(before.Chain!.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
    }

    [ExtFact]
    public async Task A_policy_set_in_place_counts_from_the_next_packet()
    {
        using var chain = new ChainFixture();
        var drop = (await chain.Attach(chain.One, Returning("guard", XdpAction.Drop, 10), Returning("guest", XdpAction.Tx, 20))).Programs[0].Id;
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
        await chain.Other.SetPolicyAsync(chain.Interface, ComponentSelection.ById(drop), new PolicyChange(Actions: ChainCallActions.Of(XdpAction.Drop)), Cancellation);
        Assert.Equal(XdpAction.Tx, await chain.Verdict());
        await chain.One.SetPolicyAsync(chain.Interface, ComponentSelection.ById(drop), new PolicyChange(Priority: 30), Cancellation);
        Assert.Equal(["guest", "guard"], await chain.Names());
    }
}
