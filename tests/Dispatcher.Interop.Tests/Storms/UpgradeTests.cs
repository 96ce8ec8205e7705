using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>The firewall is exchanged for a new version again and again while packets flow: none that it blocks comes through, none of the others is lost.</summary>
public sealed class UpgradeTests
{
    private const int Upgrades = 100;

    [ExtFact]
    public async Task A_hundred_upgrades_under_traffic_let_nothing_through_and_lose_nothing()
    {
        // The kernel patches its own code at each swap. A processor that QEMU emulates may still run the breakpoint of the patch
        // when it is over ("Oops: int3" in bpf_dispatcher_xdp_func, once in five runs with packets flowing meanwhile).
        Effort.IsForLongRuns();
        using var traffic = await GuardedTraffic.Start();
        var firewall = ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall"));
        var id = new ProgramId(traffic.Firewall);
        for (var upgrade = 0; upgrade < Upgrades; upgrade++)
        {
            var result = await traffic.Stage.Ours.ReplaceAsync(traffic.Stage.Interface, ComponentSelection.ById(id), firewall, null, Stage.Cancellation);
            Assert.NotEqual(id, result.Programs.Single().Id);
            id = result.Programs.Single().Id;
        }

        var blocked = await traffic.StopAndJudge();
        Figures.Print($"{Upgrades} upgrades of the firewall under traffic: {blocked} packets to drop, none came through; as many to pass, none lost");
    }
}
