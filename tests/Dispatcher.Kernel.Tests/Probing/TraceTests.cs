using System.Text;
using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Chain;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Capture;
using Dispatcher.Runtime.Probing;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Probing;

/// <summary>Packets of a running chain with the component that ended them.</summary>
public sealed class TraceTests
{
    [ExtFact]
    public async Task Tells_which_component_dropped_and_which_let_through_and_tcpdump_reads_the_packets()
    {
        using var pair = new QuietPair();
        var chain = pair.Chain;
        var added = await chain.Attach(
            chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall")), ComponentProgram.FromElfFile(ComponentObject.PathOf("counter")));
        QuietPair.Block(added.Programs[0].Id.Value);
        List<TracedPacket> packets;
        var before = DateTimeOffset.UtcNow;
        using (var trace = await chain.Other.OpenTraceAsync(chain.Interface, cancellationToken: Cancellation))
        {
            pair.Send(QuietPair.BlockedPort, 3);
            pair.Send(QuietPair.OpenPort, 2);
            packets = await Read(trace, 5);
        }

        Assert.Equal(
            [(0, "xdp_firewall", XdpAction.Drop), (0, "xdp_firewall", XdpAction.Drop), (0, "xdp_firewall", XdpAction.Drop), (1, "xdp_counter", XdpAction.Pass), (1, "xdp_counter", XdpAction.Pass)],
            packets.Select(packet => (packet.Slot, packet.Name, (XdpAction)packet.Verdict)));
        Assert.All(packets, packet =>
        {
            Assert.EndsWith(packet.Slot == 0 ? "x53" : "x54", Encoding.ASCII.GetString(packet.Bytes.Span), StringComparison.Ordinal);
            Assert.Equal((14 + 20 + 8 + 3, added.Programs[packet.Slot].Id), (packet.LengthBytes, packet.Id));
            Assert.InRange(DateTimeOffset.UnixEpoch.AddTicks(packet.TimeNs / 100), before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        });
        Assert.Equal(packets.OrderBy(packet => packet.TimeNs), packets);
        var text = TcpDump(packets);
        Assert.Equal(3, text.Split("10.77.0.1.53: ").Length - 1);
        Assert.Equal(2, text.Split("10.77.0.1.54: ").Length - 1);
        await TracingPrograms.AreGone(PacketSampler.Name);
    }

    [ExtFact]
    public async Task Records_only_the_verdicts_asked_for_follows_the_chain_and_takes_a_sample()
    {
        using var pair = new QuietPair();
        var chain = pair.Chain;
        var firewall = await chain.Attach(chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall")));
        QuietPair.Block(firewall.Programs[0].Id.Value);
        using var drops = await chain.One.OpenTraceAsync(chain.Interface, new TraceOptions { Verdicts = [XdpAction.Drop], SnapBytes = 14 }, Cancellation);
        using var sample = await chain.One.OpenTraceAsync(chain.Interface, new TraceOptions { SampleOneIn = 4 }, Cancellation);

        pair.Send(QuietPair.OpenPort, 5);
        pair.Send(QuietPair.BlockedPort, 1);
        var first = Assert.Single(await Read(drops, 1));
        Assert.Equal((0, XdpAction.Drop, 14, 45), (first.Slot, (XdpAction)first.Verdict, first.Bytes.Length, first.LengthBytes));

        await chain.Attach(chain.One, Returning("guard", XdpAction.Drop, priority: 5) with { Actions = ChainCallActions.Of(XdpAction.Drop) });
        var reading = Read(drops, 200);
        await Task.Delay(1500, Cancellation);
        pair.Send(QuietPair.BlockedPort, 200);
        Assert.All(await reading, packet => Assert.Equal((1, "xdp_firewall"), (packet.Slot, packet.Name)));
        var sampled = (await Read(sample, 15)).Count;
        Assert.InRange(sampled, 15, 110);
    }

    [ExtFact]
    public async Task The_verdict_of_the_chain_is_pass_when_the_last_slot_would_have_gone_on()
    {
        using var chain = new ChainFixture();
        await chain.Attach(
            chain.One, Returning("first", XdpAction.Pass, priority: 1),
            Returning("second", XdpAction.Drop, priority: 2) with { Actions = ChainCallActions.Of(XdpAction.Drop) });
        using var trace = await chain.One.OpenTraceAsync(chain.Interface, cancellationToken: Cancellation);

        Assert.Equal(XdpAction.Pass, await chain.Verdict());

        var packet = Assert.Single(await Read(trace, 1));
        Assert.Equal((1, XdpAction.Drop, XdpAction.Pass), (packet.Slot, (XdpAction)packet.Returned, (XdpAction)packet.Verdict));
    }

    [ExtFact]
    public async Task It_is_told_when_recording_begins_and_ends()
    {
        using var chain = new ChainFixture();
        using var trace = await chain.One.OpenTraceAsync(chain.Interface, cancellationToken: Cancellation);
        Assert.Equal((0, false), await Next());
        await chain.Attach(chain.Other, Returning("first", XdpAction.Pass));
        Assert.Equal((0, true), await Next());
        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
        Assert.Equal((0, false), await Next());

        async Task<(int, bool)> Next() => await trace.ReadAsync(Cancellation) is var read ? (read.Packets.Length, read.IsRecording) : default;
    }

    // All that is there once there are that many.
    private static async Task<List<TracedPacket>> Read(ChainTrace trace, int count)
    {
        var packets = new List<TracedPacket>();
        while (packets.Count < count)
        {
            var read = await trace.ReadAsync(Cancellation);
            Assert.Equal(0ul, read.Lost);
            packets.AddRange(read.Packets);
        }

        return packets;
    }

    private static string TcpDump(List<TracedPacket> packets)
    {
        using var file = new MemoryStream();
        var writer = new PcapWriter(file, new TraceOptions().SnapBytes);
        foreach (var packet in packets)
            writer.Write(packet.TimeNs, packet.Bytes.Span, packet.LengthBytes);
        var result = Tool.Run(new ToolRequest("tcpdump", "-n", "-tttt", "--time-stamp-precision=nano", "-r", "-") { Input = file.ToArray() }).OrFail();
        Assert.Contains("link-type EN10MB (Ethernet)", result.Error, StringComparison.Ordinal);
        var nanoseconds = packets[0].TimeNs % 1_000_000_000;
        Assert.Contains($".{nanoseconds:D9} IP 10.77.0.2.", result.Output, StringComparison.Ordinal);
        return result.Output;
    }
}
