using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;
using static Dispatcher.Kernel.Tests.Chain.ComponentMaps;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>Chains of every protocol version on the running kernel, and from one version to the next.</summary>
public sealed class ConversionTests
{
    [ExtFact]
    [Rule("P-002", "P-144")]
    public async Task Conversions_up_and_down_keep_program_ids_map_contents_and_what_happens_to_packets()
    {
        using var chain = new ChainFixture();
        var counter = ComponentProgram.FromElfFile(ComponentObject.PathOf("counter")) with { Priority = 1 };
        var firewall = ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall"));
        await AttachIn(DispatcherVersion.V1, chain, counter, firewall);
        var programs = (await chain.Read()).Chain!.Programs;
        Assert.Equal(["xdp_counter", "xdp_firewall"], programs.Select(program => program.Name));
        var (packets, blocked) = (MapOf(programs[0].Id.Value, "counter"), MapOf(programs[1].Id.Value, "blocked_ports"));
        Tool.Run("bpftool", "map", "update", "id", blocked, "key", "hex", "35", "00", "11", "00", "value", "hex", "0", "0", "0", "0", "0", "0", "0", "0").OrFail();
        await AssertRuns(1);

        var round = 1;
        foreach (var version in new[] { DispatcherVersion.V2, DispatcherVersion.V3, DispatcherVersion.V2, DispatcherVersion.V1, DispatcherVersion.V3, DispatcherVersion.V1 })
        {
            var result = await chain.Other.ConvertAsync(chain.Interface, version, Cancellation);
            Assert.Equal(version != DispatcherVersion.V2 ? [ChangeNoteKind.PeersLockedOut] : [], result.Notes.Select(note => note.Kind));
            var after = (await chain.Read()).Chain!;
            Assert.Equal((version, result.After.Chain!.DispatcherId), (after.Version, after.DispatcherId));
            Assert.Equal(programs, after.Programs);
            Assert.Equal((packets, blocked), (MapOf(after.Programs[0].Id.Value, "counter"), MapOf(after.Programs[1].Id.Value, "blocked_ports")));
            await AssertRuns(++round);
        }

        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
        Assert.Equal(["xdp"], chain.Pins);

        async Task AssertRuns(int rounds)
        {
            Assert.Equal(XdpAction.Pass, await chain.Verdict());
            Assert.Equal(XdpAction.Drop, (XdpAction)(await chain.Run(UdpTo(53))).Verdict);
            Assert.Equal(XdpAction.Pass, (XdpAction)(await chain.Run(UdpTo(54))).Verdict);
            Assert.Equal((ulong)(3 * rounds), Packets(packets));
            var hits = Tool.Run("bpftool", "-j", "map", "lookup", "id", blocked, "key", "hex", "35", "00", "11", "00").OrFail().Output;
            Assert.Contains($"0x{rounds:x2}", hits, StringComparison.Ordinal);
        }
    }

    [ExtFact]
    [Rule("P-144")]
    public async Task A_program_that_is_alone_goes_through_every_version()
    {
        using var chain = new ChainFixture();
        var id = (await chain.Attach(chain.One, Returning("only", XdpAction.Tx))).Programs.Single().Id;

        foreach (var version in new[] { DispatcherVersion.V3, DispatcherVersion.V1, DispatcherVersion.V2 })
        {
            await chain.Other.ConvertAsync(chain.Interface, version, Cancellation);
            var after = (await chain.Read()).Chain!;
            Assert.Equal((version, id), (after.Version, after.Programs.Single().Id));
            Assert.Equal(XdpAction.Tx, await chain.Verdict());
        }
    }

    [ExtTheory]
    [InlineData(DispatcherVersion.V1)]
    [InlineData(DispatcherVersion.V3)]
    [Rule("P-121", "P-140")]
    public async Task Programs_join_and_leave_a_chain_that_keeps_its_version(DispatcherVersion version)
    {
        using var chain = new ChainFixture();
        await AttachIn(version, chain, Returning("first", XdpAction.Pass, priority: 10));

        await chain.Attach(chain.Other, Returning("second", XdpAction.Drop, priority: 20), Returning("third", XdpAction.Tx, priority: 30));
        await AssertIs(XdpAction.Drop, "first", "second", "third");
        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("second"), Cancellation);
        await AssertIs(XdpAction.Tx, "first", "third");
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.ByName("third"), Cancellation);
        await AssertIs(XdpAction.Pass, "first");
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
        Assert.Equal(["xdp"], chain.Pins);

        async Task AssertIs(XdpAction verdict, params string[] names)
        {
            Assert.Equal(version, (await chain.Read()).Chain!.Version);
            Assert.Equal(names, await chain.Names());
            Assert.Equal(verdict, await chain.Verdict());
        }
    }

    private static Task<ChangeResult> AttachIn(DispatcherVersion version, ChainFixture chain, params ComponentProgram[] programs) =>
        chain.One.AttachAsync(chain.Interface, programs, new AttachOptions { Protocol = version }, Cancellation);

    // Ethernet, IPv4, UDP; no checksums, nobody looks at them.
    private static byte[] UdpTo(byte port)
    {
        var packet = new byte[64];
        packet[12] = 0x08;
        packet[14] = 0x45;
        packet[17] = 50;
        packet[22] = 64;
        packet[23] = 17;
        packet[37] = port;
        packet[39] = 30;
        return packet;
    }
}
