using System.Globalization;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Samples.Tests;

/// <summary>The program that README shows, trimmed, run as README says.</summary>
public sealed class AttachTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [ExtFact]
    public async Task The_program_in_README_attaches_the_firewall_to_eth0_and_blocks_a_port()
    {
        using var bpfFs = new BpfFs();
        using var folder = new TempFolder();
        using var host = new NetNamespace();
        foreach (var command in new[] { "link add eth0 type veth peer name cable", "link set cable up", "link set eth0 up" })
            host.Run("ip", command.Split(' ')).OrFail();
        File.Copy(ComponentObject.PathOf("firewall"), folder.PathOf("firewall.o"));

        var said = Tool.Run(new ToolRequest("ip", "netns", "exec", host.Name, Product.PathOf("attach", "xdp-attach"))
        {
            WorkingDirectory = folder.FullPath,
            Environment = new Dictionary<string, string?> { ["LIBXDP_BPFFS"] = bpfFs.FullPath },
        }).OrFail().Output;

        // The process is gone, its program is not.
        var dispatcher = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = bpfFs.FullPath, NetworkNamespace = host.Name });
        using var firewall = (await dispatcher.FindAsync("eth0", ComponentSelection.ByName("xdp_firewall"), Cancellation))!;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"xdp_firewall runs in slot 0 as program {firewall.Id}\n"), said);
        using var ports = firewall.OpenMap("blocked_ports");
        Assert.Equal([23, 0, 6, 0], Assert.Single(ports.Keys()));
        await firewall.DetachAsync(Cancellation);
    }
}
