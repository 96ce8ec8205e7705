using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Planning;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Planning.PlanSamples;

namespace Dispatcher.Runtime.Tests.Planning;

/// <summary>A chain is bound to its device as a whole or not at all.</summary>
public sealed class DeviceBindingTests
{
    private static readonly PlannedFrom BoundChain = Chain(InChain("old", flags: ProgramFlags.DeviceBound)) with { Version = DispatcherVersion.V3 };

    [Fact]
    [Rule("P-020", "P-145")]
    public void Bound_components_make_a_bound_dispatcher()
    {
        var plan = ChainPlanner.Attach(BoundChain, [Newcomer("n", flags: ProgramFlags.DeviceBound)], new AttachOptions());
        Assert.True(plan.ToSpec().IsDeviceBound);
        Assert.True(ChainPlanner.Detach(BoundChain with { Components = plan.Components }, ComponentSelection.ByName("old")).ToSpec().IsDeviceBound);
    }

    [Theory]
    [InlineData(ProgramFlags.DeviceBound, ProgramFlags.None, @"'old' \(id \d+\) is device-bound, 'n' \(new\) is not")]
    [InlineData(ProgramFlags.None, ProgramFlags.DeviceBound, @"'n' \(new\) is device-bound, 'old' \(id \d+\) is not")]
    [Rule("P-145")]
    public void A_mix_is_refused_with_names(ProgramFlags there, ProgramFlags more, string expected)
    {
        var current = Chain(InChain("old", flags: there)) with { Version = DispatcherVersion.V3 };
        var refused = Assert.Throws<RefusedException>(() => ChainPlanner.Attach(current, [Newcomer("n", flags: more)], new AttachOptions()));
        Assert.Matches(expected, refused.Message);
        Assert.Contains("Nothing was changed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-145")]
    public void What_stays_of_a_mix_that_a_peer_built_is_refused_while_it_is_one()
    {
        var current = Chain(InChain("a", flags: ProgramFlags.DeviceBound), InChain("b"), InChain("c")) with { Version = DispatcherVersion.V3 };
        Assert.Throws<RefusedException>(() => ChainPlanner.Detach(current, ComponentSelection.ByName("b")));
        Assert.False(ChainPlanner.Detach(current, ComponentSelection.ByName("a")).ToSpec().IsDeviceBound);
        Assert.True(ChainPlanner.Detach(current, ComponentSelection.All).EmptiesHook);
    }

    [Fact]
    public void Skb_mode_is_refused()
    {
        var options = new AttachOptions { Mode = AttachMode.Skb };
        var refused = Assert.Throws<RefusedException>(() => ChainPlanner.Attach(null, [Newcomer("n", flags: ProgramFlags.DeviceBound)], options));
        Assert.Contains("skb mode, and 'n' (new) is device-bound", refused.Message, StringComparison.Ordinal);
    }
}
