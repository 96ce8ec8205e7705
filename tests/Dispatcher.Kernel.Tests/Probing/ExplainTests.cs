using System.Collections.Immutable;
using System.Text;
using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Chain;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;
using static Dispatcher.Kernel.Tests.Chain.ComponentMaps;

namespace Dispatcher.Kernel.Tests.Probing;

/// <summary>Packets that a copy of the chain judges, beside what the chain itself does with them.</summary>
public sealed class ExplainTests
{
    private const int VlanTagBytes = 4;

    [ExtFact]
    public async Task Tells_which_slot_drops_a_recorded_packet_and_leaves_the_chain_alone()
    {
        using var pair = new QuietPair();
        var chain = pair.Chain;
        var added = await chain.Attach(
            chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall")), ComponentProgram.FromElfFile(ComponentObject.PathOf("counter")));
        QuietPair.Block(added.Programs[0].Id.Value);
        var (before, pins) = (await chain.Read(), chain.Pins);
        var packets = new List<TracedPacket>();
        using (var trace = await chain.One.OpenTraceAsync(chain.Interface, cancellationToken: Cancellation))
        {
            pair.Send(QuietPair.BlockedPort, 1);
            pair.Send(QuietPair.OpenPort, 1);
            while (packets.Count < 2)
                packets.AddRange((await trace.ReadAsync(Cancellation)).Packets);
        }

        var counted = Packets(MapOf(added.Programs[1].Id.Value, "counter"));

        using (var copy = await chain.Other.CopyChainAsync(chain.Interface, Cancellation))
        {
            Assert.Equal(before.Chain!.Programs, copy.Components);
            var blocked = copy.Judge(packets[0].Bytes.Span);
            Assert.Equal((XdpAction.Drop, 1, XdpAction.Drop), ((XdpAction)blocked.Verdict, blocked.Returned.Length, (XdpAction)blocked.Returned[0]));
            var open = copy.Judge(packets[1].Bytes.Span);
            Assert.Equal((XdpAction.Pass, (uint)XdpAction.Pass, (uint)XdpAction.Pass), ((XdpAction)open.Verdict, open.Returned[0], open.Returned[1]));
            Assert.Equal(packets[1].Bytes.ToArray(), open.Bytes.ToArray());
            Assert.Throws<ArgumentException>(() => copy.Judge(new byte[13]));
            Assert.Contains("200000 bytes", Assert.Throws<RefusedException>(() => copy.Judge(new byte[200_000])).Message, StringComparison.Ordinal);
        }

        // Maps are shared: the one packet that got to the counter was counted.
        Assert.Equal(counted + 1, Packets(MapOf(added.Programs[1].Id.Value, "counter")));
        Assert.Equal(before.Chain.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
        Assert.Equal(pins, chain.Pins);
    }

    [ExtFact]
    public async Task Judges_as_the_chain_does_whatever_policy_and_verdicts()
    {
        using var chain = new ChainFixture();
        ImmutableArray<(XdpAction Returned, ChainCallActions Actions)> choices =
        [
            (XdpAction.Pass, ChainCallActions.Default),
            (XdpAction.Drop, ChainCallActions.Of(XdpAction.Drop, XdpAction.Pass)),
            (XdpAction.Tx, ChainCallActions.Default),
            ((XdpAction)31, ChainCallActions.Of()),
            ((XdpAction)77, ChainCallActions.Default),
        ];
        foreach (var first in choices)
        {
            foreach (var second in choices)
            {
                await chain.Attach(
                    chain.One, Returning("first", first.Returned, 1) with { Actions = first.Actions },
                    Returning("second", second.Returned, 2) with { Actions = second.Actions });
                await CompareWithChain(chain, first.Actions, [first.Returned, second.Returned]);
                await chain.One.DetachAsync(chain.Interface, ComponentSelection.ByName("second"), Cancellation);
                await CompareWithChain(chain, new ChainCallActions(0), [first.Returned]);
                await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
            }
        }
    }

    [ExtFact]
    public async Task A_component_sees_the_packet_as_the_one_before_left_it()
    {
        using var chain = new ChainFixture();
        var mark = ComponentObject.PathOf("mark");
        await chain.Attach(
            chain.One, ComponentProgram.FromElfFile(mark, "xdp_mark_push") with { Priority = 1 },
            ComponentProgram.FromElfFile(ComponentObject.PathOf("verdict")) with { Priority = 2 });
        var packet = new byte[64];
        Encoding.ASCII.GetBytes("addresses...").CopyTo(packet, 0);
        packet[14] = (byte)XdpAction.Tx;
        using var copy = await chain.One.CopyChainAsync(chain.Interface, Cancellation);

        var judged = copy.Judge(packet);
        var live = await chain.Run(packet);

        Assert.Equal(live.Verdict, judged.Verdict);
        Assert.Equal(live.Packet, judged.Bytes.ToArray());
        Assert.Equal(packet.Length + VlanTagBytes, judged.Bytes.Length);
        // The tag stands where the packet said XDP_TX, and starts with 0.
        Assert.Equal([(uint)XdpAction.Pass, (uint)XdpAction.Aborted], judged.Returned);
    }

    [RootFact]
    public async Task An_empty_hook_has_nothing_to_copy()
    {
        using var chain = new ChainFixture();
        var missing = await Assert.ThrowsAsync<NotFoundException>(() => chain.One.CopyChainAsync(chain.Interface, Cancellation));
        Assert.Contains("No XDP program is attached", missing.Message, StringComparison.Ordinal);
    }

    private static async Task CompareWithChain(ChainFixture chain, ChainCallActions firstActions, XdpAction[] returned)
    {
        using var copy = await chain.Other.CopyChainAsync(chain.Interface, Cancellation);
        var judged = copy.Judge(new byte[64]);
        Assert.Equal((uint)await chain.Verdict(), judged.Verdict);
        var reached = returned.Length > 1 && firstActions.ContinuesAfter((uint)returned[0]) ? 2 : 1;
        Assert.Equal(returned[..reached].Select(value => (uint)value), judged.Returned);
    }
}
