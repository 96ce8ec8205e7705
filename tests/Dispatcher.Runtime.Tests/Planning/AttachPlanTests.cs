using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Planning;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Planning.PlanSamples;

namespace Dispatcher.Runtime.Tests.Planning;

public sealed class AttachPlanTests
{
    [Fact]
    [Rule("P-100")]
    public void Priority_decides_first() =>
        AssertOrder(["z", "a"], [Newcomer("a", 51), Newcomer("z", 50)]);

    [Fact]
    [Rule("P-101")]
    public void Then_the_name_by_bytes() =>
        AssertOrder(["A", "Z", "_", "a"], [Newcomer("a"), Newcomer("_"), Newcomer("Z"), Newcomer("A")]);

    [Fact]
    [Rule("P-102")]
    public void Then_what_is_in_the_chain_comes_before_a_newcomer()
    {
        var inChain = InChain("same", tag: 9, loadTimeNs: 9);
        var newcomer = Newcomer("same", tag: 1, loadTimeNs: 1, instructions: 1);

        var plan = ChainPlanner.Attach(Chain(inChain), [newcomer], new AttachOptions());

        Assert.Equal([inChain, newcomer], plan.Components);
    }

    [Fact]
    [Rule("P-103")]
    public void Then_between_two_newcomers_the_number_of_instructions()
    {
        var small = Newcomer("same", instructions: 2, tag: 9, loadTimeNs: 9);
        var large = Newcomer("same", instructions: 3, tag: 1, loadTimeNs: 1);
        Assert.Equal([small, large], ChainPlanner.Attach(null, [large, small], new AttachOptions()).Components);
    }

    [Fact]
    [Rule("P-104")]
    public void Then_the_tag()
    {
        var low = Newcomer("same", tag: 1, loadTimeNs: 9);
        var high = Newcomer("same", tag: 0x8000_0000_0000_0000, loadTimeNs: 1);
        Assert.Equal([low, high], ChainPlanner.Attach(null, [high, low], new AttachOptions()).Components);
    }

    [Fact]
    [Rule("P-105")]
    public void Last_the_load_time()
    {
        var early = Newcomer("same", loadTimeNs: 1);
        var late = Newcomer("same", loadTimeNs: 2);
        Assert.Equal([early, late], ChainPlanner.Attach(null, [late, early], new AttachOptions()).Components);
    }

    [Fact]
    [Rule("P-103")]
    public void Between_two_in_the_chain_instructions_do_not_count()
    {
        var first = InChain("same", tag: 1) with { InstructionCount = 100 };
        var second = InChain("same", tag: 2) with { InstructionCount = 1 };
        Assert.Equal(first, ChainPlanner.Attach(Chain(second, first), [Newcomer("z")], new AttachOptions()).Components[0]);
    }

    [Fact]
    public void The_order_does_not_depend_on_the_order_of_the_request()
    {
        ImmutableArray<PlannedComponent> components = [Newcomer("a", 3), Newcomer("b", 1), Newcomer("c", 2), Newcomer("d", 2)];
        var expected = ChainPlanner.Attach(null, components, new AttachOptions()).Components;
        foreach (var order in Permutations(components))
        {
            var plan = ChainPlanner.Attach(null, order, new AttachOptions());
            Assert.Equal(expected, plan.Components);
            Assert.Equal(order, plan.Changed);
        }
    }

    [Fact]
    [Rule("P-106")]
    public void A_chain_that_a_peer_left_out_of_order_is_put_in_order()
    {
        var plan = ChainPlanner.Attach(Chain(InChain("late", 90), InChain("early", 10)), [Newcomer("middle", 50)], new AttachOptions());
        Assert.Equal(["early", "middle", "late"], plan.Components.Select(component => component.Name));
    }

    [Theory]
    [InlineData(0, 10, true)]
    [InlineData(0, 11, false)]
    [InlineData(9, 1, true)]
    [InlineData(10, 1, false)]
    [InlineData(8, 3, false)]
    [Rule("P-121")]
    public void Ten_fit_and_eleven_do_not(int there, int more, bool fits)
    {
        var current = there == 0 ? null : Chain([.. Enumerable.Range(0, there).Select(i => InChain($"p{i}"))]);
        ImmutableArray<PlannedComponent> newcomers = [.. Enumerable.Range(0, more).Select(i => Newcomer($"n{i}"))];

        if (fits)
        {
            Assert.Equal(there + more, ChainPlanner.Attach(current, newcomers, new AttachOptions()).Components.Length);
            return;
        }

        var refused = Assert.Throws<RefusedException>(() => ChainPlanner.Attach(current, newcomers, new AttachOptions()));
        Assert.Contains(there == 0 ? $"and {more} were asked for" : $"there are {there} and {more} more", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, AttachMode.Unspecified, AttachMode.Unspecified)]
    [InlineData(AttachMode.Skb, AttachMode.Unspecified, AttachMode.Skb)]
    [InlineData(AttachMode.Native, AttachMode.Native, AttachMode.Native)]
    public void A_chain_keeps_its_mode(AttachMode? there, AttachMode asked, AttachMode expected)
    {
        var current = there is { } mode ? Chain(InChain("old")) with { Mode = mode } : null;
        Assert.Equal(expected, ChainPlanner.Attach(current, [Newcomer("n")], new AttachOptions { Mode = asked }).Mode);
    }

    [Fact]
    public void No_dispatcher_runs_on_a_device_itself()
    {
        var options = new AttachOptions { Mode = AttachMode.Hw };
        foreach (var current in (PlannedFrom?[])[null, Chain(InChain("old"))])
            Assert.Contains("A device itself (hw mode)", Assert.Throws<RefusedException>(() => ChainPlanner.Attach(current, [Newcomer("n")], options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AttachMode.Native, AttachMode.Skb, "native", "skb")]
    [Rule("P-121")]
    public void Another_mode_is_refused(AttachMode there, AttachMode asked, string first, string second)
    {
        var current = Chain(InChain("old")) with { Mode = there };
        var refused = Assert.Throws<RefusedException>(() => ChainPlanner.Attach(current, [Newcomer("n")], new AttachOptions { Mode = asked }));
        Assert.Contains($"attached in {first} mode", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{second} mode was asked for", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProgramFlags.Frags, ProgramFlags.Frags, true)]
    [InlineData(ProgramFlags.Frags, ProgramFlags.None, false)]
    [Rule("P-019")]
    public void The_dispatcher_takes_frags_only_when_all_components_do(ProgramFlags first, ProgramFlags second, bool expected)
    {
        var plan = ChainPlanner.Attach(Chain(InChain("old", flags: first)), [Newcomer("n", flags: second)], new AttachOptions());
        Assert.Equal(expected, plan.ToSpec().HasFrags);
        Assert.Equal([second, first], plan.ToSpec().Slots.Select(slot => slot.Flags));
    }

    private static void AssertOrder(string[] names, ImmutableArray<PlannedComponent> newcomers) =>
        Assert.Equal(names, ChainPlanner.Attach(null, newcomers, new AttachOptions()).Components.Select(component => component.Name));

    private static IEnumerable<ImmutableArray<PlannedComponent>> Permutations(ImmutableArray<PlannedComponent> items) =>
        items.Length == 0 ? [[]] : items.SelectMany(first => Permutations(items.Remove(first)).Select(rest => rest.Insert(0, first)));
}
