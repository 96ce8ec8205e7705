using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>A plan says what the change does, and does nothing itself.</summary>
public sealed class PlanTests
{
    private readonly World _world = new();

    [Fact]
    public void The_plan_equals_what_is_read_after_the_change_over_random_chains()
    {
        var host = _world.Start();
        var random = new Random(5);
        for (var round = 0; round < 400; round++)
        {
            var request = RandomChanges.Next(random, host.Status());
            if (Refusal(() => host.Plan(request)) is { } refusal)
            {
                Assert.Equal(refusal, Refusal(() => host.Apply(request)));
                continue;
            }

            var plan = host.Plan(request);
            var result = host.Apply(request);
            Assert.Equal(RandomChanges.Describe(plan), RandomChanges.Describe(host.Status()));
            Assert.Equal(plan.Notes.Select(note => note.Kind), result.Notes.Select(note => note.Kind));
            foreach (var program in plan.After?.Programs ?? [])
            {
                Assert.Equal(program.SlotBefore, plan.Before.Chain?.Programs.FirstOrDefault(old => old.Id == program.Id)?.Slot);
                Assert.True(program.Id is null || program.Id == result.After.Chain!.Programs[program.Slot].Id);
            }
        }
    }

    [Fact]
    public void A_plan_leaves_nothing_and_changes_nothing()
    {
        var host = _world.Start();
        host.Attach(Component("firewall", 10), Component("ids", 20));
        var (hook, pins, programs) = (host.Status(), _world.Directories(), _world.Kernel.Programs.All.Length);
        var firewall = ComponentSelection.ByName("firewall");
        foreach (var request in new ChangeRequest[]
        {
            new AttachRequest([Component("late", 15)]), new DetachRequest(firewall), new DetachRequest(ComponentSelection.All),
            new ReplaceRequest(firewall, Component("firewall")), new SetPolicyRequest(firewall, new PolicyChange(30)), new ConvertRequest(DispatcherVersion.V3),
        })
        {
            Assert.False(host.Plan(request).ChangesNothing);
        }

        _world.Kernel.Settle();
        Assert.Equal(hook.Chain!.DispatcherId, host.Status().Chain!.DispatcherId);
        Assert.Equal(pins, _world.Directories());
        Assert.Equal(programs, _world.Kernel.Programs.All.Length);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void It_says_by_which_rule_each_one_has_its_place_and_where_verdicts_end()
    {
        var host = _world.Start();
        host.Attach(Component("b", 20));

        var plan = host.Plan(new AttachRequest([Component("a", 20), Component("b", 20), Component("c", 30, actions: ChainCallActions.Of(XdpAction.Drop))]));

        var after = plan.After!;
        Assert.Equal(["a", "b", "b", "c"], after.Programs.Select(program => program.Name));
        Assert.Equal([null, SlotOrderRule.Name, SlotOrderRule.InChain, SlotOrderRule.Priority], after.Programs.Select(program => program.FollowsBy));
        Assert.Equal([null, 0, null, null], after.Programs.Select(program => program.SlotBefore));
        Assert.Null(after.VerdictAfter(0, XdpAction.Pass));
        Assert.Equal(XdpAction.Drop, after.VerdictAfter(0, XdpAction.Drop));
        Assert.Equal(XdpAction.Pass, after.VerdictAfter(3, XdpAction.Drop));
        Assert.Equal([ChangeNoteKind.SameName, ChangeNoteKind.EqualPriority, ChangeNoteKind.BecomesPass], plan.Notes.Select(note => note.Kind));
        Assert.Matches(@"'b' \(id \d+\) is in the chain already, and both run from now on", plan.Notes[0].Message);
    }

    [Fact]
    public void Actions_that_begin_to_matter_and_programs_that_never_run_are_named()
    {
        var host = _world.Start();
        host.Attach(Component("gate", 10, actions: ChainCallActions.Of()));

        var plan = host.Plan(new AttachRequest([Component("ids", 20)]));

        Assert.Equal([ChangeNoteKind.ActionsMatter, ChangeNoteKind.NeverRuns], plan.Notes.Select(note => note.Kind));
        Assert.Matches(@"'gate' \(id \d+\), which is alone no more, matter from now on: it always ends the chain", plan.Notes[0].Message);
        Assert.Contains("'ids' (new) will never run", plan.Notes[1].Message, StringComparison.Ordinal);
        host.Apply(new AttachRequest([Component("ids", 20)]));
        Assert.Equal([ChangeNoteKind.PeersLockedOut], host.Plan(new ConvertRequest(DispatcherVersion.V1)).Notes.Select(note => note.Kind));
    }

    [Fact]
    public void What_a_plan_cannot_know_it_says()
    {
        var host = _world.Start();
        var request = new AttachRequest([Component("one")], new AttachOptions { Mode = AttachMode.Native });
        Assert.Equal(ChangeNoteKind.ModeNotTried, Assert.Single(host.Plan(request).Notes).Kind);
        Assert.Empty(host.Apply(request).Notes);
        Assert.Empty(host.Plan(new AttachRequest([Component("two")], new AttachOptions { Mode = AttachMode.Native })).Notes);
    }

    [Fact]
    public void What_a_change_would_be_refused_for_is_said_by_its_plan()
    {
        var host = _world.Start();
        Assert.Throws<NotFoundException>(() => host.Plan(new DetachRequest(ComponentSelection.ByName("one"))));
        Assert.Equal((true, null), (host.Plan(new DetachRequest(ComponentSelection.All)).ChangesNothing, host.Plan(new DetachRequest(ComponentSelection.All)).After));
        host.Attach(Component("one"));
        Assert.Throws<NotFoundException>(() => host.Plan(new SetPolicyRequest(ComponentSelection.ByName("two"), new PolicyChange(1))));
        Assert.Throws<RefusedException>(() => host.Plan(new AttachRequest([.. Enumerable.Range(0, 10).Select(number => Component($"p{number}"))])));
        Assert.True(host.Plan(new SetPolicyRequest(ComponentSelection.ByName("one"), new PolicyChange(50))).ChangesNothing);
    }

    private static string? Refusal(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Message;
        }
    }
}
