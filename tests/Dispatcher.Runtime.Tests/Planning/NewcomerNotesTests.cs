using System.Collections.Immutable;
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
        Assert.StartsWith($"'twin' (id {first.Id}, {second.Id}) is in the chain already, and all run now", note.Message, StringComparison.Ordinal);
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

    private static ImmutableArray<ChangeNote> Attach(PlannedFrom? current, params PlannedComponent[] newcomers) =>
        ChainPlanner.Attach(current, [.. newcomers], new AttachOptions()).Notes;

    private static ImmutableArray<ChangeNote> Replace(PlannedFrom current, PlannedComponent old, PlannedComponent replacement) =>
        ChainPlanner.Replace(current, old.Id, replacement, new ReplaceOptions()).Notes;
}
