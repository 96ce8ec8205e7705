using System.Runtime.InteropServices;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Samples.Tests;

/// <summary>Two products that know nothing of each other share a NIC.</summary>
public sealed class ProductsTests
{
    private const uint Udp = 17;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [ExtFact]
    public async Task Firewall_and_IDS_outlive_upgrades_kills_and_restarts_of_each_other_under_traffic()
    {
        using var scene = new Scene();
        var firewall = scene.StartFirewall();
        var firstFirewall = firewall.WaitForProgram("blocks udp/7007");
        using var traffic = scene.StartTraffic();

        var beforeIds = traffic.AllowedSent;
        var ids = scene.StartIds();
        var firstIds = ids.WaitForProgram("reads alerts");
        var afterIds = traffic.AllowedSent;
        traffic.CheckSoFar();

        // The firewall is upgraded by a newer process while the older one still guards it: that one goes over to the new version.
        var newerFirewall = scene.StartFirewall("--upgrade");
        var secondFirewall = newerFirewall.WaitForProgram("blocks udp/7007");
        Assert.NotEqual(firstFirewall, secondFirewall);
        firewall.WaitFor($"program {secondFirewall} blocks udp/7007");
        ids.WaitFor($"xdp_firewall joined as program {secondFirewall} in slot 0");
        ids.WaitFor($"xdp_firewall, program {firstFirewall}, left");
        firewall.Stop();
        traffic.CheckSoFar();

        // The IDS is killed. What its program reports then is read by the next process.
        ids.Kill();
        traffic.Scan();
        ids = scene.StartIds();
        Assert.Equal(firstIds, ids.WaitForProgram("reads alerts"));
        ids.WaitFor($"ALERT port-scan from {Traffic.Source}");
        traffic.CheckSoFar();

        // The firewall is killed; the next process takes its program over as it is.
        newerFirewall.Kill();
        firewall = scene.StartFirewall();
        Assert.Equal(secondFirewall, firewall.WaitForProgram("blocks udp/7007"));
        traffic.CheckSoFar();

        // The IDS is upgraded after its process has ended, and exports what it does.
        ids.Stop();
        ids = scene.StartIds("--upgrade", "--telemetry");
        Assert.NotEqual(firstIds, ids.WaitForProgram("reads alerts"));
        ids.WaitFor($"ALERT port-scan from {Traffic.Source}", traffic.Scan);
        traffic.CheckSoFar();

        traffic.StopAndJudge();
        await CheckFirewall(scene, traffic);
        await CheckIds(scene, traffic.AllowedSent - afterIds + traffic.Scanned, traffic.AllowedSent - beforeIds + traffic.Scanned);
        firewall.Stop();
        firewall.WaitFor($"dropped {traffic.BlockedSent} to udp/7007");
        ids.Stop();
        foreach (var exported in new[] { "xdp.dispatcher.change", "xdp.dispatcher.swap.duration", "ids.alerts", "ids.packets" })
            ids.WaitFor(exported);
        Assert.Equal(2, (await scene.Dispatcher.GetStatusAsync(scene.Interface, Cancellation)).Chain!.Programs.Length);
        await CheckRemoval(scene);
    }

    private static async Task CheckFirewall(Scene scene, Traffic traffic)
    {
        using var firewall = (await scene.Dispatcher.FindAsync(scene.Interface, ComponentSelection.ByName("xdp_firewall"), Cancellation))!;
        using var ports = firewall.OpenMap("blocked_ports");
        using var stats = firewall.OpenMap("firewall_stats");
        Assert.True(ports.TryRead(new Port(Traffic.Blocked, (byte)Udp), out long dropped));
        Assert.Equal(traffic.BlockedSent, dropped);
        Assert.True(stats.TryRead(1U, out Counts droppedInAll));
        Assert.Equal(traffic.BlockedSent, droppedInAll.Packets);
        Assert.True(stats.TryRead(0U, out Counts passed));
        Assert.True(passed.Packets >= traffic.AllowedSent + traffic.Scanned, $"{passed.Packets} passed");
    }

    // It began to count somewhere between its start and the moment when it said so.
    private static async Task CheckIds(Scene scene, long least, long most)
    {
        using var ids = (await scene.Dispatcher.FindAsync(scene.Interface, ComponentSelection.ByName("xdp_ids"), Cancellation))!;
        using var protocols = ids.OpenMap("protocol_stats");
        Assert.True(protocols.TryRead(Udp, out Counts seen));
        Assert.InRange(seen.Packets, least, most);
    }

    private static async Task CheckRemoval(Scene scene)
    {
        var (firewall, ids) = (scene.StartFirewall("--remove"), scene.StartIds("--remove"));
        foreach (var product in new[] { firewall, ids })
        {
            product.WaitFor("removed xdp_");
            Assert.Equal(0, product.WaitForEnd());
        }

        Assert.True((await scene.Dispatcher.GetStatusAsync(scene.Interface, Cancellation)).IsEmpty);
        Assert.Equal(["xdp"], scene.Pins);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Port(ushort Number, byte Protocol, byte Pad = 0);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Counts(long Packets, long Bytes);
}
