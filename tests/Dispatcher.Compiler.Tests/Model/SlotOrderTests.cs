using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Model;

public sealed class SlotOrderTests
{
    private static readonly SlotOrderKey Base = new(50, "name", IsInChain: false, InstructionCount: 10, Tag: 5, LoadTimeNs: 100);

    /// <summary>Each pair: first runs before second, for the first reason that tells them apart.</summary>
    public static TheoryData<string, SlotOrderKey, SlotOrderKey> Pairs => new()
    {
        { "priority before name", Base with { Priority = 49, Name = "z" }, Base },
        { "priority is unsigned", Base, Base with { Priority = uint.MaxValue } },
        { "name before being in the chain", Base with { Name = "a" }, Base with { Name = "b", IsInChain = true } },
        { "names by bytes: upper case first", Base with { Name = "Z" }, Base with { Name = "a" } },
        { "names by bytes: shorter first", Base with { Name = "nam" }, Base },
        { "in the chain before a shorter newcomer", Base with { IsInChain = true, InstructionCount = 99 }, Base with { InstructionCount = 1 } },
        { "two newcomers by instructions", Base with { InstructionCount = 9, Tag = 9 }, Base },
        { "instructions do not count in the chain", Base with { IsInChain = true, InstructionCount = 99, Tag = 4 }, Base with { IsInChain = true } },
        { "tag before load time", Base with { Tag = 4, LoadTimeNs = 999 }, Base },
        { "tag is unsigned", Base, Base with { Tag = ulong.MaxValue } },
        { "load time last", Base with { LoadTimeNs = 99 }, Base },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    [Rule("P-100", "P-101", "P-102", "P-103", "P-104", "P-105")]
    public void The_first_difference_decides(string reason, SlotOrderKey first, SlotOrderKey second)
    {
        Assert.True(SlotOrder.Instance.Compare(first, second) < 0, reason);
        Assert.True(SlotOrder.Instance.Compare(second, first) > 0, reason);
    }

    [Fact]
    public void Equal_keys_are_equal() => Assert.Equal(0, SlotOrder.Instance.Compare(Base, Base with { }));

    [Fact]
    public void Any_arrival_order_gives_the_same_chain()
    {
        var random = new Random(1);
        var keys = Enumerable.Range(0, 40).Select(i => new SlotOrderKey(
            (uint)random.Next(2), random.Next(2) == 0 ? "a" : "b", random.Next(2) == 0, random.Next(3), (ulong)random.Next(2), (ulong)i)).ToList();
        var expected = keys.Order(SlotOrder.Instance).ToList();
        for (var round = 0; round < 200; round++)
        {
            var shuffled = keys.ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(expected, shuffled.Order(SlotOrder.Instance));
        }
    }
}
