using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Planning;

/// <summary>Remarks on how newcomers stand to what is in the chain already.</summary>
internal static class NewcomerNotes
{
    /// <summary>Newcomers that share their name, with components that stay or with each other: a remark for each name.</summary>
    /// <param name="staying">Of the chain on the NIC, without what leaves it.</param>
    /// <param name="newcomers">Those that join.</param>
    /// <param name="advice">What may have been meant when the name is in the chain already, to stand behind it.</param>
    public static IEnumerable<ChangeNote> Namesakes(ImmutableArray<PlannedComponent> staying, ImmutableArray<PlannedComponent> newcomers, string advice = "") =>
        from newcomer in newcomers
        group newcomer by newcomer.Name into joining
        let present = staying.Where(component => component.Name == joining.Key).Select(component => component.Id).ToList()
        let total = present.Count + joining.Count()
        where total > 1
        let times = $"joins {joining.Count()} times"
        let what = present.Count == 0 ? times : $"(id {string.Join(", ", present)}) is in the chain already" + (joining.Count() > 1 ? $" and {times}" : "")
        select new ChangeNote(
            ChangeNoteKind.SameName,
            $"'{Printable.Escape(joining.Key)}' {what}, and {(total == 2 ? "both run" : "all run")} from now on{(present.Count > 0 ? advice : "")}");

    /// <summary>Components that were given a place and run before one that keeps its priority, though neither has the smaller one.</summary>
    /// <param name="chain">As it will be, in running order.</param>
    /// <param name="placed">Those that join, or have a priority of their own from now on.</param>
    public static IEnumerable<ChangeNote> InFrontOfEquals(ImmutableArray<PlannedComponent> chain, ImmutableArray<PlannedComponent> placed) =>
        from earlier in chain.Index()
        where placed.Any(one => one.Id == earlier.Item.Id)
        let next = chain.Skip(earlier.Index + 1).FirstOrDefault(later => placed.All(one => one.Id != later.Id))
        where next is not null && next.Policy.Priority == earlier.Item.Policy.Priority
        select new ChangeNote(
            ChangeNoteKind.EqualPriority,
            $"{earlier.Item.Label} runs before {next.Label}, which has the same priority, {next.Policy.Priority}: among equals names decide; a priority (ComponentProgram.Priority) says it plainly");

    /// <summary>A replacement that brings a policy of its own, which gives way to that of the program that leaves.</summary>
    /// <param name="brought">As the request, its object or its caller wants it; the usual policy is no wish.</param>
    /// <param name="kept">As it will run.</param>
    public static IEnumerable<ChangeNote> KeptPolicy(Slot brought, Slot kept)
    {
        if (brought.Priority != kept.Priority && brought.Priority != DispatcherLimits.DefaultPriority)
        {
            yield return new ChangeNote(
                ChangeNoteKind.PolicyKept,
                $"the new version asks for priority {brought.Priority}, and {kept.Priority}, that of the program that it replaces, is kept; a priority ({nameof(ReplaceOptions)}.{nameof(ReplaceOptions.Priority)}) says otherwise");
        }

        if (brought.Actions != kept.Actions && brought.Actions != ChainCallActions.Default)
        {
            yield return new ChangeNote(
                ChangeNoteKind.PolicyKept,
                $"the new version asks to go on after {brought.Actions}, and {kept.Actions}, as with the program that it replaces, is kept; actions ({nameof(ReplaceOptions)}.{nameof(ReplaceOptions.Actions)}) say otherwise");
        }
    }

    /// <summary>A replacement of another name: whoever looks for the old one finds it no more.</summary>
    /// <param name="leaving">Goes.</param>
    /// <param name="coming">Takes its place.</param>
    /// <param name="staying">Of the chain on the NIC, without what leaves it.</param>
    public static IEnumerable<ChangeNote> AnotherName(PlannedComponent leaving, PlannedComponent coming, ImmutableArray<PlannedComponent> staying)
    {
        if (leaving.Name == coming.Name)
            yield break;
        var left = staying.FirstOrDefault(component => component.Name == leaving.Name) is { } namesake
            ? $"of that name {namesake.Id} still runs there"
            : $"no '{Printable.Escape(leaving.Name)}' runs there any more";
        yield return new ChangeNote(
            ChangeNoteKind.AnotherName,
            $"'{Printable.Escape(coming.Name)}' takes the place of '{Printable.Escape(leaving.Name)}', a program of another name: {left}");
    }
}
