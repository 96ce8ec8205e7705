using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Planning;
using static Dispatcher.Runtime.Tests.Planning.PlanSamples;

namespace Dispatcher.Runtime.Tests.Planning;

public sealed class NewcomerNotesTests
{
    [Fact]
    public void Namesakes_are_one_note_however_many_there_are()
    {
        var (first, second) = (InChain("twin"), InChain("twin", tag: 2));
        var note = Assert.Single(Attach(Chain(first, second), Newcomer("twin")));
        Assert.Equal(ChangeNoteKind.SameName, note.Kind);
        Assert.StartsWith($"'twin' (id {first.Id}, {second.Id}) is in the chain already, and all run from now on", note.Message, StringComparison.Ordinal);
        note = Assert.Single(Attach(Chain(first), Newcomer("twin"), Newcomer("twin", tag: 2)));
        Assert.StartsWith($"'twin' (id {first.Id}) is in the chain already and joins 2 times, and all run from now on", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newcomers_of_one_name_are_one_note()
    {
        var note = Assert.Single(Attach(null, Newcomer("twin"), Newcomer("other"), Newcomer("twin", tag: 2)));
        Assert.Equal((ChangeNoteKind.SameName, "'twin' joins 2 times, and both run from now on"), (note.Kind, note.Message));
    }

    [Fact]
    public void A_policy_that_a_replacement_brings_and_does_not_get_is_told()
    {
        var old = InChain("firewall", 10);
        var brought = Newcomer("firewall", 20, tag: 2);
        brought = brought with { Policy = brought.Policy with { Actions = ChainCallActions.Of(XdpAction.Tx) } };
        var notes = Replace(Chain(old), old, brought).Where(note => note.Kind == ChangeNoteKind.PolicyKept).ToList();
        Assert.StartsWith("the new version asks for priority 20, and 10, that of the program that it replaces, is kept", notes[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("the new version asks to go on after XDP_TX, and XDP_PASS, as with the program that it replaces, is kept", notes[1].Message, StringComparison.Ordinal);
        Assert.Empty(Replace(Chain(old), old, Newcomer("firewall", 10, tag: 2)));
        Assert.Empty(Replace(Chain(old), old, Newcomer("firewall", tag: 2)));
    }

    [Fact]
    public void A_newcomer_that_runs_before_an_equal_is_told_and_one_behind_or_of_a_smaller_priority_is_not()
    {
        var present = InChain("m");
        var note = Assert.Single(Attach(Chain(present), Newcomer("a")));
        Assert.Equal(ChangeNoteKind.EqualPriority, note.Kind);
        Assert.StartsWith($"'a' (new) runs before 'm' (id {present.Id}), which has the same priority, 50", note.Message, StringComparison.Ordinal);
        Assert.Empty(Attach(Chain(present), Newcomer("z")));
        Assert.Empty(Attach(Chain(present), Newcomer("a", 49)));
        Assert.Empty(Attach(null, Newcomer("a"), Newcomer("b")));
    }

    [Fact]
    public void A_replacement_of_another_name_is_told_and_so_is_its_namesake()
    {
        var (old, other) = (InChain("firewall"), InChain("ids", 60));
        Assert.Empty(Replace(Chain(old, other), old, Newcomer("firewall", tag: 2)));

        var notes = Replace(Chain(old, other), old, Newcomer("ids", tag: 2));
        Assert.Equal([ChangeNoteKind.AnotherName, ChangeNoteKind.SameName], notes.Select(note => note.Kind));
        Assert.Equal("'ids' takes the place of 'firewall', a program of another name: no 'firewall' runs there any more", notes[0].Message);
    }

    [Fact]
    public void Of_a_namesake_that_stays_it_is_not_said_that_none_runs()
    {
        var (old, twin) = (InChain("firewall"), InChain("firewall", 60, tag: 2));
        var note = Assert.Single(Replace(Chain(old, twin), old, Newcomer("ids")), note => note.Kind == ChangeNoteKind.AnotherName);
        Assert.EndsWith($"of that name {twin.Id} still runs there", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_gets_another_priority_and_runs_before_an_equal_is_told_and_whose_priority_stays_is_not()
    {
        var (first, second) = (InChain("m"), InChain("a", 60));
        var note = Assert.Single(Set(Chain(first, second), second, new PolicyChange { Priority = 50 }), note => note.Kind == ChangeNoteKind.EqualPriority);
        Assert.StartsWith($"'a' (id {second.Id}) runs before 'm' (id {first.Id}), which has the same priority, 50", note.Message, StringComparison.Ordinal);
        var (earlier, later) = (InChain("a"), InChain("m"));
        Assert.Empty(Set(Chain(earlier, later), earlier, new PolicyChange { Actions = ChainCallActions.Of() }).Where(note => note.Kind == ChangeNoteKind.EqualPriority));
    }

    [Fact]
    public void A_replacement_with_a_priority_of_its_own_is_told_when_it_runs_before_an_equal()
    {
        var (old, other) = (InChain("a", 60), InChain("m"));
        var notes = Replace(Chain(other, old), old, Newcomer("a", tag: 2), new ReplaceOptions { Priority = 50 });
        Assert.Contains(notes, note => note.Kind == ChangeNoteKind.EqualPriority && note.Message.StartsWith($"'a' (new) runs before 'm' (id {other.Id})", StringComparison.Ordinal));
        var (equal, behind) = (InChain("a"), InChain("m"));
        Assert.Empty(Replace(Chain(equal, behind), equal, Newcomer("a", tag: 2)));
    }

    private static ImmutableArray<ChangeNote> Attach(PlannedFrom? current, params PlannedComponent[] newcomers) =>
        ChainPlanner.Attach(current, [.. newcomers], new AttachOptions()).Notes;

    private static ImmutableArray<ChangeNote> Replace(PlannedFrom current, PlannedComponent old, PlannedComponent replacement, ReplaceOptions? options = null) =>
        ChainPlanner.Replace(current, old.Id, replacement, options ?? new ReplaceOptions()).Notes;

    private static ImmutableArray<ChangeNote> Set(PlannedFrom current, PlannedComponent chosen, PolicyChange change) =>
        ChainPlanner.SetPolicy(current, ComponentSelection.ById(chosen.Id), change).Notes;
}
