using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Tests.Simulation;
using static Dispatcher.Runtime.Tests.Simulation.World;
using static Dispatcher.Runtime.Tests.Transactions.ElfComponentTests;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>What runs already is exchanged for another version, or gets another policy, in one swap.</summary>
public sealed class ReplaceTests
{
    private readonly World _world = new();

    [Fact]
    public void The_new_version_takes_slot_and_policy_of_the_old_one()
    {
        var host = _world.Start();
        host.Attach(Component("first", 10), Component("ids", 20, actions: ChainCallActions.Of(XdpAction.Drop)), Component("last", 30));

        var result = host.Replace(ComponentSelection.ByName("ids"), Component("ids", 99));

        var ids = host.Status().Chain!.Programs[1];
        Assert.Equal(("ids", 20u, ChainCallActions.Of(XdpAction.Drop)), (ids.Name, ids.Priority, ids.Actions));
        Assert.Equal(ids, Assert.Single(result.Programs));
        Assert.NotEqual(result.Before.Chain!.Programs[1].Id, ids.Id);
        Assert.Equal(ChangeNoteKind.PolicyKept, Assert.Single(result.Notes).Kind);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    public void A_priority_of_its_own_moves_it_and_a_note_says_so()
    {
        var host = _world.Start();
        host.Attach(Component("a", 10), Component("b", 20));
        var result = host.Replace(ComponentSelection.ByName("a"), Component("a"), new ReplaceOptions { Priority = 30 });
        Assert.Equal(["b", "a"], host.Status().Chain!.Programs.Select(program => program.Name));
        Assert.Equal((ChangeNoteKind.Moved, "'a' runs in slot 1, the program that it replaces ran in slot 0"), (Assert.Single(result.Notes).Kind, result.Notes[0].Message));
    }

    [Fact]
    public void The_only_component_is_replaced_as_well()
    {
        var host = _world.Start();
        host.Attach(Component("alone"));
        host.Replace(ComponentSelection.ByName("alone"), Component("alone", verdict: XdpAction.Drop));
        Assert.Equal((uint)XdpAction.Drop, _world.Receive().Verdict);
    }

    [Fact]
    public void A_map_is_taken_over_or_begins_anew()
    {
        var host = _world.Start();
        host.Attach(FromElf("counter"));
        var map = Assert.Single(_world.Kernel.Maps.All, map => map.Name == "counts");

        var kept = Assert.Single(host.Replace(ComponentSelection.ByName("counter"), FromElf("counter")).Notes);
        Assert.Equal(new ChangeNote(ChangeNoteKind.MapsTakenOver, "maps that go on with their contents: counts"), kept);
        Assert.Same(map, Assert.Single(_world.Kernel.Maps.All, candidate => candidate.Name == "counts" && !candidate.IsFreed));

        var begun = Assert.Single(host.Replace(ComponentSelection.ByName("counter"), FromElf("counter"), new ReplaceOptions { Maps = MapHandling.Fresh }).Notes);
        Assert.Equal(new ChangeNote(ChangeNoteKind.MapsBeginEmpty, "maps that begin empty: counts"), begun);
        _world.Kernel.Settle();
        Assert.True(map.IsFreed);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_map_without_successor_is_named()
    {
        var host = _world.Start();
        host.Attach(FromElf("counter"));
        var note = Assert.Single(host.Replace(ComponentSelection.ByName("counter"), Component("counter")).Notes);
        Assert.Equal(ChangeNoteKind.MapLeft, note.Kind);
        Assert.Contains("map 'counts' of the old program", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_changed_when_it_is_refused()
    {
        _world.Kernel.Refusals["counter"] = "R1 invalid mem access\n";
        var host = _world.Start();
        host.Attach(Component("guard"), Component("guard"));
        var before = host.Status();
        var id = before.Chain!.Programs[0].Id;

        Assert.Throws<VerifierException>(() => host.Replace(ComponentSelection.ById(id), FromElf("counter")));
        var several = Assert.Throws<RefusedException>(() => host.Replace(ComponentSelection.ByName("guard"), Component("guard")));
        var missing = Assert.Throws<NotFoundException>(() => host.Replace(ComponentSelection.ByName("other"), Component("other")));
        var unknownMap = Assert.Throws<RefusedException>(() => host.Replace(
            ComponentSelection.ById(id), Component("guard"), new ReplaceOptions { MapsByName = new ReplaceOptions().MapsByName.Add("ports", MapHandling.Reuse) }));

        Assert.Contains("choose by id", several.Message, StringComparison.Ordinal);
        Assert.Contains($"it holds {id} 'guard'", missing.Message, StringComparison.Ordinal);
        Assert.Contains("no map 'ports'", unknownMap.Message, StringComparison.Ordinal);
        Assert.Equal(before.Chain.Programs, host.Status().Chain!.Programs);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_policy_is_set_in_place_and_programs_stay()
    {
        var host = _world.Start();
        host.Attach(Component("a", 10), Component("b", 20));
        var id = host.Status().Chain!.Programs[0].Id;

        var result = host.SetPolicy(ComponentSelection.ById(id), priority: 30, actions: ChainCallActions.Of(XdpAction.Drop));

        var last = host.Status().Chain!.Programs[1];
        Assert.Equal((id, "a", 30u, ChainCallActions.Of(XdpAction.Drop)), (last.Id, last.Name, last.Priority, last.Actions));
        Assert.Equal([ChangeNoteKind.Moved, ChangeNoteKind.BecomesPass], result.Notes.Select(note => note.Kind));
        Assert.Matches("^in another slot than before: .*'b'.* 1 -> 0, .*'a'.* 0 -> 1$", result.Notes[0].Message);
        Assert.Equal(last, Assert.Single(result.Programs));

        var again = host.SetPolicy(ComponentSelection.ById(id), priority: 30);
        Assert.Equal(ChangeNoteKind.NothingToDo, Assert.Single(again.Notes).Kind);
        Assert.Equal(result.After.Chain!.DispatcherId, again.After.Chain!.DispatcherId);
        Assert.Throws<ArgumentException>(() => host.SetPolicy(ComponentSelection.ById(id)));
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }
}
