using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Planning;

/// <summary>Remarks on what chain call actions do in the chain as it will be, where that surprises people; only what is new by the change.</summary>
internal static class PolicyNotes
{
    /// <summary>The remarks, in the order of the chain.</summary>
    /// <param name="before">The chain on the NIC; empty: none.</param>
    /// <param name="after">The chain as it will be.</param>
    public static IEnumerable<ChangeNote> Of(ImmutableArray<PlannedComponent> before, ImmutableArray<PlannedComponent> after) =>
        after.Length < 2 ? [] : [.. OfActionsThatMatter(before, after), .. OfProgramsThatNeverRun(before, after), .. OfTheLast(before, after)];

    // A program that is alone stands in the place of the dispatcher, and nobody looks at its actions.
    private static IEnumerable<ChangeNote> OfActionsThatMatter(ImmutableArray<PlannedComponent> before, ImmutableArray<PlannedComponent> after) =>
        from component in after
        where before.Length == 1 && before[0].Id == component.Id && component.Policy.Actions != ChainCallActions.Default
        select new ChangeNote(
            ChangeNoteKind.ActionsMatter,
            $"the actions of {component.Label}, which is alone no more, matter from now on: it {Words(component.Policy.Actions)}");

    private static IEnumerable<ChangeNote> OfProgramsThatNeverRun(ImmutableArray<PlannedComponent> before, ImmutableArray<PlannedComponent> after)
    {
        var known = Unreached(before).Select(component => component.Id).ToHashSet();
        var unreached = Unreached(after).ToList();
        if (unreached.All(component => known.Contains(component.Id)))
            yield break;
        var last = after[^(unreached.Count + 1)];
        yield return new ChangeNote(
            ChangeNoteKind.NeverRuns,
            $"{string.Join(", ", unreached.Select(component => component.Label))} will never run: {last.Label} {Words(last.Policy.Actions)}");
    }

    private static IEnumerable<ChangeNote> OfTheLast(ImmutableArray<PlannedComponent> before, ImmutableArray<PlannedComponent> after)
    {
        var last = after[^1];
        var becomePass = last.Policy.Actions.ToActions().Remove(XdpAction.Pass);
        var isKnown = before.Length > 1 && before[^1].Id == last.Id && before[^1].Policy.Actions == last.Policy.Actions;
        if (becomePass.IsEmpty || isKnown)
            yield break;
        yield return new ChangeNote(
            ChangeNoteKind.BecomesPass,
            $"{last.Label} is the last one and goes on after {string.Join(", ", becomePass.Select(action => action.KernelName()))}: "
            + "the packet passes then (XDP_PASS)");
    }

    private static IEnumerable<PlannedComponent> Unreached(ImmutableArray<PlannedComponent> components) =>
        components.SkipWhile(component => component.Policy.Actions.Mask != 0).Skip(1);

    private static string Words(ChainCallActions actions) => actions.Mask == 0 ? "always ends the chain" : $"goes on after {actions}";
}
