using System.Runtime.InteropServices;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>A program that is held on to, and its maps, on a real kernel.</summary>
public sealed class AttachmentTests
{
    [ExtFact]
    public async Task Maps_are_filled_and_read_while_another_application_changes_the_chain()
    {
        using var chain = new ChainFixture();
        using var firewall = await chain.One.AttachAsync(chain.Interface, ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall")), cancellationToken: Cancellation);
        using var ports = firewall.OpenMap("blocked_ports");
        Assert.Equal(("hash", 4, 8, 4096u), (ports.Type, ports.KeySize, ports.ValueSize, ports.MaxEntries));
        var (telnet, dns) = (new Port(23, 6), new Port(53, 17));

        Assert.False(ports.TryRead(in telnet, out ulong _));
        ports.Write(in telnet, 7UL);
        await chain.Attach(chain.Other, Returning("guest", XdpAction.Pass, 5));
        ports.Write(in dns, 9UL);

        Assert.True(ports.TryRead(in telnet, out ulong hits) && hits == 7);
        Assert.Equal([23, 53], ports.Keys<Port>().Select(key => (int)key.Number).Order());
        Assert.True(ports.Remove(in telnet));
        Assert.False(ports.Remove(in telnet));
        Assert.Equal(1, (await firewall.LocateAsync(Cancellation))!.Slot);
        Assert.Contains("bytes, not 2", Assert.Throws<ArgumentException>(() => ports.TryRead([1, 2], new byte[8])).Message, StringComparison.Ordinal);
        Assert.Throws<KernelException>(() =>
        {
            for (ushort number = 0; number <= 4096; number++)
                ports.Write(new Port(number, 17), 1UL);
        });
    }

    [ExtFact]
    public async Task A_map_goes_on_in_the_next_version_and_is_found_again_after_a_restart()
    {
        using var chain = new ChainFixture();
        var source = ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall"));
        var first = await chain.One.AttachAsync(chain.Interface, source, cancellationToken: Cancellation);
        using (var ports = first.OpenMap("blocked_ports"))
            ports.Write(new Port(23, 6), 7UL);
        first.Dispose();

        using var found = (await chain.Other.FindAsync(chain.Interface, ComponentSelection.ByName("xdp_firewall"), Cancellation))!;
        Assert.Equal(first.Id, found.Id);
        await found.ReplaceAsync(source, cancellationToken: Cancellation);
        using var same = found.OpenMap("blocked_ports");
        Assert.True(same.TryRead(new Port(23, 6), out ulong hits) && hits == 7);
        Assert.Contains("it uses blocked_ports, firewall_stats", Assert.Throws<NotFoundException>(() => found.OpenMap("ports")).Message, StringComparison.Ordinal);
        await found.DetachAsync(Cancellation);
        Assert.True(same.TryRead(new Port(23, 6), out hits) && hits == 7);
    }

    [ExtFact]
    public async Task Maps_are_full_before_the_program_is_in_the_chain_and_a_plan_fills_none()
    {
        using var chain = new ChainFixture();
        var fillings = new List<(string Maps, bool IsEmpty)>();
        var source = ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall"));
        source = source with
        {
            FillMaps = maps =>
            {
                fillings.Add((string.Join(' ', maps.Select(map => map.Name)), chain.Read().GetAwaiter().GetResult().IsEmpty));
                maps.FirstOrDefault(map => map.Name == "blocked_ports")?.Write(new Port(23, 6), 0UL);
            },
        };
        await chain.One.PlanAsync(chain.Interface, new AttachRequest([source]), Cancellation);
        Assert.Empty(fillings);

        using var firewall = await chain.One.AttachAsync(chain.Interface, source, cancellationToken: Cancellation);
        using (var ports = firewall.OpenMap("blocked_ports"))
            Assert.Equal([23], ports.Keys<Port>().Select(key => (int)key.Number));
        await firewall.ReplaceAsync(source, new ReplaceOptions { MapsByName = new ReplaceOptions().MapsByName.Add("firewall_stats", MapHandling.Fresh) }, Cancellation);
        Assert.Equal([("blocked_ports firewall_stats", true), ("firewall_stats", false)], fillings);

        await Assert.ThrowsAsync<InvalidOperationException>(() => chain.One.AttachAsync(
            chain.Interface, source with { FillMaps = _ => throw new InvalidOperationException() }, cancellationToken: Cancellation));
        Assert.Equal(["xdp_firewall"], await chain.Names());
        await firewall.DetachAsync(Cancellation);
    }

    [ExtFact]
    public async Task Records_of_a_ring_are_read_as_the_program_submits_them()
    {
        using var chain = new ChainFixture();
        using var ids = await chain.One.AttachAsync(chain.Interface, ComponentProgram.FromElfFile(ComponentObject.PathOf("ids")), cancellationToken: Cancellation);
        using (var config = ids.OpenMap("ids_config"))
            config.Write(0u, new IdsConfig(0, 1, 0));
        using var events = ids.OpenMap("events");
        Assert.Equal("ringbuf", events.Type);
        var reading = Task.Run(
            async () =>
            {
                await foreach (var record in events.ReadRingAsync(Cancellation))
                    return MemoryMarshal.Read<IdsEvent>(record.Span);
                return default;
            },
            Cancellation);

        await chain.Run(Syn(port: 2323));
        var found = await reading;
        Assert.Equal((1u, 1u, (ushort)2323, (byte)6), (found.Kind, found.Count, found.Port, found.Protocol));
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            using var sources = ids.OpenMap("source_stats");
            await foreach (var _ in sources.ReadRingAsync(Cancellation))
                Assert.Fail("a hash has no records");
        });
    }

    // Ethernet, IPv4 without options, TCP with SYN.
    private static byte[] Syn(ushort port)
    {
        var packet = new byte[64];
        (packet[12], packet[13], packet[14], packet[23]) = (0x08, 0x00, 0x45, 6);
        packet[17] = 50;
        (packet[36], packet[37]) = ((byte)(port >> 8), (byte)port);
        (packet[46], packet[47]) = (0x50, 0x02);
        return packet;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Port(ushort Number, byte Protocol, byte Pad = 0);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct IdsConfig(ulong WindowNs, uint SynThreshold, uint PortThreshold);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct IdsEvent
    {
        public readonly ulong TimestampNs;
        public readonly uint Kind;
        public readonly uint Count;
        public readonly (ulong, ulong) Source;
        public readonly ushort Port;
        public readonly byte Protocol;
        public readonly byte Pad;
        public readonly uint Ifindex;
    }
}
