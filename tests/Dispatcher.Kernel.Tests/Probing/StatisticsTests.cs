using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Chain;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Probing;
using Dispatcher.Runtime.State;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;
using static Dispatcher.Kernel.Tests.Chain.ComponentMaps;

namespace Dispatcher.Kernel.Tests.Probing;

/// <summary>Counters of a running chain, beside what its components counted themselves.</summary>
public sealed class StatisticsTests
{
    [ExtFact]
    public async Task Counts_what_the_components_of_a_changing_chain_count_themselves()
    {
        using var pair = new QuietPair();
        var chain = pair.Chain;
        var added = await chain.Attach(
            chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall")), ComponentProgram.FromElfFile(ComponentObject.PathOf("counter")));
        var (firewall, counter) = (added.Programs[0].Id, added.Programs[1].Id);
        QuietPair.Block(firewall.Value);
        var judged = MapOf(firewall.Value, "firewall_stats");
        pair.Send(QuietPair.OpenPort, 3);
        using (var statistics = await chain.Other.OpenStatisticsAsync(chain.Interface, Cancellation))
        {
            Assert.Equal(2, TracingPrograms.Count(VerdictCounter.Name));
            var (passed, dropped, counted) = (Packets(judged), Packets(judged, entry: 1), Packets(MapOf(counter.Value, "counter")));
            Assert.Equal((3ul, 0ul, 3ul), (passed, dropped, counted));

            pair.Send(QuietPair.BlockedPort, 30);
            pair.Send(QuietPair.OpenPort, 20);

            var read = await statistics.ReadAsync(Cancellation);
            Assert.Equal(added.After.Chain!.DispatcherId, read.DispatcherId);
            Assert.Equal([(0, firewall, "xdp_firewall"), (1, counter, "xdp_counter")], read.Components.Select(component => (component.Slot, component.Id, component.Name)));
            Assert.Equal(new VerdictCounts { Drop = 30, Pass = 20 }, read.Components[0].Verdicts);
            Assert.Equal(new VerdictCounts { Pass = 20 }, read.Components[1].Verdicts);
            Assert.Equal((Packets(judged) - passed, Packets(judged, entry: 1) - dropped), (read.Components[0].Verdicts.Pass, read.Components[0].Verdicts.Drop));
            Assert.Equal(Packets(MapOf(counter.Value, "counter")) - counted, read.Components[1].Verdicts.Packets);

            await chain.Attach(chain.One, Returning("guest", XdpAction.Pass, priority: 30));
            await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ById(counter), Cancellation);
            await statistics.ReadAsync(Cancellation);
            pair.Send(QuietPair.OpenPort, 10);

            var changed = await statistics.ReadAsync(Cancellation);
            Assert.Equal([(0, "xdp_firewall"), (1, "guest")], changed.Components.Select(component => (component.Slot, component.Name)));
            Assert.Equal(new VerdictCounts { Drop = 30, Pass = 30 }, changed.Components[0].Verdicts);
            Assert.Equal(new VerdictCounts { Pass = 10 }, changed.Components[1].Verdicts);
            Assert.Equal(Packets(judged) - passed, changed.Components[0].Verdicts.Pass);
            Assert.True(changed.Components[0].Watched > changed.Components[1].Watched);

            await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
            var empty = await statistics.ReadAsync(Cancellation);
            Assert.Equal((null, 0), (empty.DispatcherId, empty.Components.Length));
        }

        await TracingPrograms.AreGone(VerdictCounter.Name);
    }

    [ExtFact]
    public async Task A_chain_that_loses_pins_is_counted_on()
    {
        using var pair = new QuietPair();
        var chain = pair.Chain;
        var added = await chain.Attach(chain.One, Returning("first", XdpAction.Pass, priority: 10), Returning("second", XdpAction.Pass, priority: 20));
        using (var statistics = await chain.Other.OpenStatisticsAsync(chain.Interface, Cancellation))
        {
            var hook = await chain.Read();
            Assert.True(LinuxKernel.Open().Files.Unpin(PinPaths.ProgramPin(new PinPaths(chain.BpfFsPath).DirectoryOf(hook.InterfaceIndex, hook.Chain!.DispatcherId), 1)));
            pair.Send(QuietPair.OpenPort, 10);
            var read = await statistics.ReadAsync(Cancellation);
            Assert.Equal([1], read.Broken!.LostSlots.Select(lost => lost.Slot));
            Assert.Equal(added.Programs.Select(program => program.Id), read.Components.Select(component => component.Id));
            Assert.All(read.Components, component => Assert.Equal(new VerdictCounts { Pass = 10 }, component.Verdicts));
            await Assert.ThrowsAsync<BrokenChainException>(() => chain.One.OpenStatisticsAsync(chain.Interface, Cancellation));
        }

        Tool.Run("ip", "link", "set", "dev", chain.Interface, "xdp", "off").OrFail();
        await chain.One.CleanAsync(cancellationToken: Cancellation);
    }

    [ExtFact]
    public async Task Every_verdict_is_counted_as_what_it_is()
    {
        using var chain = new ChainFixture();
        using var statistics = await chain.One.OpenStatisticsAsync(chain.Interface, Cancellation);
        await chain.Attach(chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("verdict")));
        Assert.Equal(default, Assert.Single((await statistics.ReadAsync(Cancellation)).Components).Verdicts);
        var packet = new byte[64];
        foreach (byte verdict in new byte[] { 0, 1, 1, 2, 2, 2, 3, 4, 5, 31, 255 })
        {
            packet[14] = verdict;
            await chain.Run(packet);
        }

        var counts = Assert.Single((await statistics.ReadAsync(Cancellation)).Components).Verdicts;

        Assert.Equal(new VerdictCounts(1, 2, 3, 1, 1, 3), counts);
        Assert.Equal(11ul, counts.Packets);
    }

    [ExtFact]
    public async Task Two_watchers_count_the_same_and_one_that_ends_does_not_disturb_the_other()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("first", XdpAction.Pass), Returning("second", XdpAction.Drop));
        using var lasting = await chain.One.OpenStatisticsAsync(chain.Interface, Cancellation);
        using (var ending = await chain.Other.OpenStatisticsAsync(chain.Interface, Cancellation))
        {
            await chain.Verdict();
            Assert.Equal(Verdicts(await lasting.ReadAsync(Cancellation)), Verdicts(await ending.ReadAsync(Cancellation)));
            ending.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => ending.ReadAsync(Cancellation));
        }

        await chain.Verdict();
        Assert.Equal([new VerdictCounts { Pass = 2 }, new VerdictCounts { Drop = 2 }], Verdicts(await lasting.ReadAsync(Cancellation)));
    }

    [RootFact]
    public async Task An_empty_hook_has_no_counters_and_no_interface_is_an_error()
    {
        using var chain = new ChainFixture();
        using (var statistics = await chain.One.OpenStatisticsAsync(chain.Interface, Cancellation))
            Assert.Empty((await statistics.ReadAsync(Cancellation)).Components);
        await Assert.ThrowsAsync<NotFoundException>(() => chain.One.OpenStatisticsAsync("no-such", Cancellation));
    }

    private static VerdictCounts[] Verdicts(ChainCounts counts) => [.. counts.Components.Select(component => component.Verdicts)];
}
