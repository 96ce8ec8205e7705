using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>Chains on interfaces of another network namespace, while every thread of ours stays where it is.</summary>
[Collection(PortCollection.Name)]
public sealed class OtherNamespaceTests
{
    [ExtFact]
    public async Task A_component_is_attached_in_another_namespace_and_the_caller_stays()
    {
        using var network = new NetNamespace();
        using var pair = new VethPair(network);
        using var pins = new BpfFs();
        var before = NetworkNamespace.Current;
        var dispatcher = Open(pins, network.Name);

        var change = await dispatcher.AttachAsync(pair.Left.Name, [Returning("inside", XdpAction.Pass)], cancellationToken: Cancellation);

        Assert.Equal(before, NetworkNamespace.Current);
        Assert.Contains($"prog/xdp id {change.After.Chain!.DispatcherId}", network.Run("ip", "link", "show", "dev", pair.Left.Name).OrFail().Output, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => Open(pins, null).GetStatusAsync(pair.Left.Name, Cancellation));
        await dispatcher.DetachAsync(pair.Left.Name, ComponentSelection.All, Cancellation);
        Assert.DoesNotContain(pins.Entries(), entry => entry.Contains("dispatch-", StringComparison.Ordinal));
    }

    [ExtFact]
    public async Task Two_namespaces_with_the_same_ifindex_do_not_disturb_each_other()
    {
        using var red = new NetNamespace();
        using var blue = new NetNamespace();
        using var pins = new BpfFs();
        foreach (var network in new[] { red, blue })
            network.Run("ip", "link", "add", "nic0", "index", "7", "type", "veth", "peer", "name", "nic1").OrFail();
        var (inRed, inBlue) = (Open(pins, red.Name), Open(pins, blue.Path));

        await inRed.AttachAsync("nic0", [Returning("red", XdpAction.Drop)], cancellationToken: Cancellation);
        await inBlue.AttachAsync("nic0", [Returning("blue", XdpAction.Pass)], cancellationToken: Cancellation);
        await inRed.AttachAsync("nic0", [Returning("redder", XdpAction.Pass)], cancellationToken: Cancellation);
        var ofRed = await inRed.GetStatusAsync("nic0", Cancellation);
        await inRed.DetachAsync("nic0", ComponentSelection.All, Cancellation);
        var ofBlue = await inBlue.GetStatusAsync("nic0", Cancellation);

        Assert.Equal((7, 7), (ofRed.InterfaceIndex, ofBlue.InterfaceIndex));
        Assert.Equal(["red", "redder"], ofRed.Chain!.Programs.Select(program => program.Name));
        Assert.Equal(["blue"], ofBlue.Chain!.Programs.Select(program => program.Name));
        await inBlue.DetachAsync("nic0", ComponentSelection.All, Cancellation);
    }

    [RootFact]
    public async Task A_namespace_that_loses_its_name_is_held_as_long_as_the_dispatcher_is()
    {
        using var pins = new BpfFs();
        var network = new NetNamespace();
        var dispatcher = Open(pins, network.Path);
        network.Dispose();

        Assert.Equal("lo", Assert.Single(await dispatcher.GetStatusAsync(Cancellation), hook => hook.InterfaceIndex == 1).InterfaceName);
        Assert.Contains("in the network namespace", (await Assert.ThrowsAsync<NotFoundException>(
            () => dispatcher.GetStatusAsync("nowhere0", Cancellation))).Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_namespace_that_does_not_exist_is_not_found_and_those_that_do_are_listed()
    {
        using var network = new NetNamespace();

        var error = Assert.Throws<NotFoundException>(() => XdpDispatcher.Open(new XdpDispatcherOptions { NetworkNamespace = "xdt-nowhere" }));

        Assert.Contains("no network namespace 'xdt-nowhere'; /run/netns has ", error.Message, StringComparison.Ordinal);
        Assert.Contains(network.Name, error.Message, StringComparison.Ordinal);
        Assert.Throws<NotFoundException>(() => XdpDispatcher.Open(new XdpDispatcherOptions { NetworkNamespace = "/proc/self/ns/mnt" }));
    }

    private static XdpDispatcher Open(BpfFs pins, string? network) =>
        XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = pins.FullPath, NetworkNamespace = network });
}
