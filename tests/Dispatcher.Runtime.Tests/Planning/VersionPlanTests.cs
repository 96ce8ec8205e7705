using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Planning;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Planning.PlanSamples;

namespace Dispatcher.Runtime.Tests.Planning;

public sealed class VersionPlanTests
{
    public static TheoryData<DispatcherVersion> Versions => new(Enum.GetValues<DispatcherVersion>());

    [Theory]
    [InlineData(null, ProgramFlags.None, DispatcherVersion.V2)]
    [InlineData(null, ProgramFlags.Frags, DispatcherVersion.V2)]
    [InlineData(null, ProgramFlags.DeviceBound, DispatcherVersion.V3)]
    [InlineData(DispatcherVersion.V1, ProgramFlags.None, DispatcherVersion.V1)]
    [InlineData(DispatcherVersion.V2, ProgramFlags.None, DispatcherVersion.V2)]
    [InlineData(DispatcherVersion.V3, ProgramFlags.None, DispatcherVersion.V3)]
    [InlineData(DispatcherVersion.V3, ProgramFlags.DeviceBound, DispatcherVersion.V3)]
    [Rule("P-141")]
    public void A_fresh_chain_gets_the_lowest_of_2_and_3_that_can_say_it_or_the_version_asked_for(
        DispatcherVersion? asked, ProgramFlags flags, DispatcherVersion expected) =>
        Assert.Equal(expected, Attach(null, Newcomer("n", flags: flags), asked).Version);

    [Theory]
    [MemberData(nameof(Versions))]
    [Rule("P-121", "P-140")]
    public void A_chain_keeps_its_version(DispatcherVersion version)
    {
        var current = Chain(InChain("old")) with { Version = version };
        Assert.Equal(version, Attach(current, Newcomer("n")).Version);
        Assert.Equal(version, Attach(current, Newcomer("n"), version).Version);
        foreach (var other in Enum.GetValues<DispatcherVersion>().Where(other => other != version))
        {
            var refused = Assert.Throws<RefusedException>(() => Attach(current, Newcomer("n"), other));
            Assert.Contains($"is of protocol version {(int)version} and keeps it; version {(int)other} was asked for", refused.Message, StringComparison.Ordinal);
            Assert.Contains("xdp-dispatch convert", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DispatcherVersion.V1)]
    [InlineData(DispatcherVersion.V2)]
    [Rule("P-121", "P-142")]
    public void A_device_bound_program_needs_version_3(DispatcherVersion asked)
    {
        var newcomer = Newcomer("n", flags: ProgramFlags.DeviceBound | ProgramFlags.Frags);
        var refused = Assert.Throws<RefusedException>(() => Attach(null, newcomer, asked));
        Assert.Contains($"program {newcomer.Id} 'n' is device-bound, which protocol version {(int)asked} cannot say. Nothing was changed", refused.Message, StringComparison.Ordinal);

        var early = Assert.Throws<RefusedException>(() => Attach(null, newcomer with { Id = default }, asked));
        Assert.StartsWith("program 'n' is device-bound", early.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DispatcherVersion.V1)]
    [InlineData(DispatcherVersion.V2)]
    [Rule("P-121")]
    public void A_device_bound_program_joins_no_chain_of_a_lower_version(DispatcherVersion there)
    {
        var current = Chain(InChain("old")) with { Version = there };
        var refused = Assert.Throws<RefusedException>(() => Attach(current, Newcomer("n", flags: ProgramFlags.DeviceBound), null));
        Assert.Contains("'n' (new) is device-bound, 'old' (id ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-143")]
    public void In_version_1_a_program_that_takes_frags_runs_without_and_a_note_says_so()
    {
        var current = Chain(InChain("a")) with { Version = DispatcherVersion.V1 };
        var newcomer = Newcomer("b\n", flags: ProgramFlags.Frags);
        foreach (var plan in new[] { Attach(current, newcomer), Attach(null, newcomer, DispatcherVersion.V1) })
        {
            Assert.All(plan.Components, component => Assert.Equal(ProgramFlags.None, component.Policy.Flags));
            Assert.False(plan.ToSpec().HasFrags);
            var note = Assert.Single(plan.Notes, note => note.Kind == ChangeNoteKind.FragsNotExpressible);
            Assert.Equal($"program {newcomer.Id} 'b\\x0a' takes frags, which protocol version 1 cannot say: it runs without", note.Message);
        }
    }

    [Fact]
    public void Later_versions_say_frags_and_leave_no_note()
    {
        foreach (var version in new[] { DispatcherVersion.V2, DispatcherVersion.V3 })
        {
            var plan = Attach(null, Newcomer("n", flags: ProgramFlags.Frags), version);
            Assert.True(plan.ToSpec().HasFrags);
            Assert.DoesNotContain(plan.Notes, note => note.Kind == ChangeNoteKind.FragsNotExpressible);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_chain_that_becomes_one_of_version_1_or_3_says_whom_it_locks_out_and_one_that_is_does_not_say_it_again(DispatcherVersion version)
    {
        var expected = version != DispatcherVersion.V2 ? [ChangeNoteKind.PeersLockedOut] : Array.Empty<ChangeNoteKind>();
        Assert.Equal(expected, Attach(null, Newcomer("n"), version).Notes.Select(note => note.Kind));
        Assert.Empty(Attach(Chain(InChain("old", 10)) with { Version = version }, Newcomer("n")).Notes);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    [Rule("P-144")]
    public void Converting_keeps_components_order_policy_and_mode(DispatcherVersion from)
    {
        // Another application may have ordered them by rules of its own.
        var current = Chain(InChain("z", 50), InChain("a", 20)) with { Version = from, Mode = AttachMode.Skb };
        foreach (var to in Enum.GetValues<DispatcherVersion>().Where(to => to != from))
        {
            var plan = ChainPlanner.Convert(current, to);
            Assert.Equal((to, AttachMode.Skb, false), (plan.Version, plan.Mode, plan.ChangesNothing));
            Assert.Equal(current.Components, plan.Components);
            Assert.Empty(plan.Changed);
            Assert.Equal(plan.Version != DispatcherVersion.V2 ? [ChangeNoteKind.PeersLockedOut] : [], plan.Notes.Select(note => note.Kind));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Converting_to_the_version_it_has_is_nothing_to_do(DispatcherVersion version)
    {
        var plan = ChainPlanner.Convert(Chain(InChain("a")) with { Version = version }, version);
        Assert.True(plan.ChangesNothing);
        Assert.Equal(new ChangeNote(ChangeNoteKind.NothingToDo, $"the chain is of protocol version {(int)version} already"), Assert.Single(plan.Notes));
    }

    [Theory]
    [InlineData(DispatcherVersion.V2, DispatcherVersion.V1, ProgramFlags.Frags, "takes frags")]
    [InlineData(DispatcherVersion.V3, DispatcherVersion.V1, ProgramFlags.Frags | ProgramFlags.DeviceBound, "takes frags and is device-bound")]
    [InlineData(DispatcherVersion.V3, DispatcherVersion.V2, ProgramFlags.Frags | ProgramFlags.DeviceBound, "is device-bound")]
    [InlineData(DispatcherVersion.V3, DispatcherVersion.V1, (ProgramFlags)0x80, "has flags 0x80")]
    [Rule("P-144")]
    public void Converting_down_is_refused_when_a_program_uses_what_the_version_cannot_say(
        DispatcherVersion from, DispatcherVersion to, ProgramFlags flags, string what)
    {
        var obstacle = InChain("b", flags: flags);
        var refused = Assert.Throws<RefusedException>(() => ChainPlanner.Convert(Chain(InChain("a"), obstacle) with { Version = from }, to));
        Assert.Equal(
            $"Protocol version {(int)to} cannot say what the chain uses: program {obstacle.Id} 'b' in slot 1 {what}. "
            + $"Nothing was changed; unload what stands in the way, or keep version {(int)from}.",
            refused.Message);
    }

    [Fact]
    public void Converting_down_is_refused_when_only_the_dispatcher_uses_what_the_version_cannot_say()
    {
        var frags = Chain(InChain("a")) with { DispatcherFlags = ProgramFlags.Frags };
        Assert.Contains("the dispatcher takes frags", Assert.Throws<RefusedException>(() => ChainPlanner.Convert(frags, DispatcherVersion.V1)).Message, StringComparison.Ordinal);
        var bound = Chain(InChain("a")) with { Version = DispatcherVersion.V3, DispatcherFlags = ProgramFlags.DeviceBound };
        Assert.Contains("the dispatcher is device-bound", Assert.Throws<RefusedException>(() => ChainPlanner.Convert(bound, DispatcherVersion.V2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-144")]
    public void Every_obstacle_is_named()
    {
        var current = Chain(InChain("a", flags: ProgramFlags.Frags), InChain("b"), InChain("c", flags: ProgramFlags.Frags)) with { DispatcherFlags = ProgramFlags.Frags };
        var message = Assert.Throws<RefusedException>(() => ChainPlanner.Convert(current, DispatcherVersion.V1)).Message;
        Assert.Contains("'a' in slot 0 takes frags; program", message, StringComparison.Ordinal);
        Assert.Contains("'c' in slot 2 takes frags. Nothing", message, StringComparison.Ordinal);
    }

    private static ChainPlan Attach(PlannedFrom? current, PlannedComponent newcomer, DispatcherVersion? asked = null) =>
        ChainPlanner.Attach(current, [newcomer], new AttachOptions { Protocol = asked });
}
