using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Planning;
using static Dispatcher.Runtime.Tests.Planning.PlanSamples;

namespace Dispatcher.Runtime.Tests.Planning;

public sealed class DetachPlanTests
{
    private readonly PlannedComponent _a = InChain("a", 10);
    private readonly PlannedComponent _b = InChain("b", 20);
    private readonly PlannedComponent _c = InChain("c", 30);

    [Fact]
    public void By_id_the_others_stay_in_order()
    {
        var plan = ChainPlanner.Detach(Chain(_a, _b, _c), ComponentSelection.ById(_c.Id, _a.Id));
        Assert.Equal([_b], plan.Components);
        Assert.Equal([_c, _a], plan.Changed);
        Assert.False(plan.EmptiesHook);
    }

    [Fact]
    public void By_name_every_one_of_that_name_goes()
    {
        var twin = InChain("a", 40);
        var plan = ChainPlanner.Detach(Chain(_a, _b, twin), ComponentSelection.ByName("a"));
        Assert.Equal([_b], plan.Components);
        Assert.Equal([_a, twin], plan.Changed);
    }

    [Fact]
    public void All_empties_the_hook() => Assert.True(ChainPlanner.Detach(Chain(_a, _b), ComponentSelection.All).EmptiesHook);

    [Fact]
    public void Every_one_by_id_empties_the_hook() =>
        Assert.True(ChainPlanner.Detach(Chain(_a, _b), ComponentSelection.ById(_a.Id, _b.Id)).EmptiesHook);

    [Fact]
    public void An_id_or_name_that_is_not_there_is_told_with_what_is()
    {
        foreach (var selection in new[] { ComponentSelection.ById(_a.Id, _c.Id), ComponentSelection.ByName("c") })
        {
            var missing = Assert.Throws<NotFoundException>(() => ChainPlanner.Detach(Chain(_a, _b), selection));
            Assert.Contains($"{_a.Id} 'a', {_b.Id} 'b'", missing.Message, StringComparison.Ordinal);
        }

        var several = Assert.Throws<NotFoundException>(() => ChainPlanner.Detach(Chain(_a), ComponentSelection.ById(_b.Id, _a.Id, _c.Id)));
        Assert.StartsWith($"No program with id {_b.Id} or {_c.Id} is in the chain", several.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_compared_whole_and_by_case() =>
        Assert.Throws<NotFoundException>(() => ChainPlanner.Detach(Chain(InChain("firewall")), ComponentSelection.ByName("Fire")));

    [Theory]
    [InlineData(DispatcherVersion.V1)]
    [InlineData(DispatcherVersion.V2)]
    [InlineData(DispatcherVersion.V3)]
    public void Version_and_mode_stay(DispatcherVersion version)
    {
        var current = Chain(_a, _b) with { Version = version, Mode = AttachMode.Skb };
        var plan = ChainPlanner.Detach(current, ComponentSelection.ByName("a"));
        Assert.Equal((version, AttachMode.Skb), (plan.Version, plan.Mode));
    }

    [Fact]
    public void A_selection_names_something_once()
    {
        Assert.Throws<ArgumentException>(() => ComponentSelection.ById());
        Assert.Throws<ArgumentException>(() => ComponentSelection.ById(_a.Id, _a.Id));
        Assert.Throws<ArgumentException>(() => ComponentSelection.ByName(""));
    }
}
