using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Probing;

namespace Dispatcher.Runtime.Tests.Probing;

public sealed class PacketEndTests
{
    private static readonly ImmutableArray<Slot> Two =
    [
        new Slot(10, ChainCallActions.Of(XdpAction.Pass, XdpAction.Tx), ProgramFlags.None),
        new Slot(20, ChainCallActions.Of(XdpAction.Drop), ProgramFlags.None),
    ];

    [Theory]
    [InlineData(0, 2u, null)]
    [InlineData(0, 3u, null)]
    [InlineData(0, 31u, null)]
    [InlineData(0, 1u, 1u)]
    [InlineData(0, 32u, 32u)]
    [InlineData(0, uint.MaxValue, uint.MaxValue)]
    [InlineData(1, 2u, 2u)]
    [InlineData(1, 1u, 2u)]
    [InlineData(1, 31u, 2u)]
    [InlineData(1, 0u, 0u)]
    public void A_chain_ends_as_its_policy_says(int slot, uint returned, uint? verdict) => Assert.Equal(verdict, PacketEnd.Of(Two, slot).VerdictAfter(returned));

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(31u)]
    public void A_component_that_is_alone_ends_every_packet(uint returned) => Assert.Equal(returned, PacketEnd.Of([Two[0]], 0).VerdictAfter(returned));

    [Fact]
    public void Return_values_are_selected_by_the_verdict_of_the_chain()
    {
        var last = PacketEnd.Of(Two, 1);
        Assert.Equal(new WantedReturns(1u << 31 | 0b110, false), last.Select([XdpAction.Pass]));
        Assert.Equal(new WantedReturns(0, false), last.Select([XdpAction.Drop]));
        Assert.Equal(new WantedReturns(~(1u << 31 | 0b11110u), true), last.Select([XdpAction.Aborted]));
        Assert.Equal(new WantedReturns(uint.MaxValue, true), last.Select([]));
        Assert.Equal(new WantedReturns(0b10, false), PacketEnd.Of(Two, 0).Select([XdpAction.Drop]));
    }
}
