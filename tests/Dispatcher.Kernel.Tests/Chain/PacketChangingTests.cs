using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>A component that changes packets: kernels from 6.13 on let it replace only what changes packets too.</summary>
public sealed class PacketChangingTests
{
    private const int TagSize = 4;
    private const int TypeOffset = 12;

    [ExtFact]
    [Rule("P-043", "P-049")]
    public async Task Alone_and_in_each_of_ten_slots_its_change_reaches_the_packet()
    {
        using var chain = new ChainFixture();
        var mark = ComponentProgram.FromElfFile(ComponentObject.PathOf("mark"), "xdp_mark_push");
        await chain.Attach(chain.One, mark);
        await AssertTagged(chain);
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);

        await chain.Attach(chain.One, [.. Enumerable.Range(0, DispatcherLimits.MaxSlots - 1).Select(i => Returning($"other_{i}", XdpAction.Pass, priority: (uint)(2 * i + 1)))]);
        for (var slot = 0; slot < DispatcherLimits.MaxSlots; slot++)
        {
            var added = await chain.Attach(chain.Other, mark with { Priority = (uint)(2 * slot) });
            Assert.Equal(slot, added.Programs.Single().Slot);
            await AssertTagged(chain);
            await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("xdp_mark_push"), Cancellation);
        }
    }

    private static async Task AssertTagged(ChainFixture chain)
    {
        var packet = new byte[64];
        var result = await chain.Run(packet);
        Assert.Equal(packet.Length + TagSize, result.Packet.Length);
        Assert.Equal([0x81, 0x00], result.Packet[TypeOffset..(TypeOffset + 2)]);
    }
}
