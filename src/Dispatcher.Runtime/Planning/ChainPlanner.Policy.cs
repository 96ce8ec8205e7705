using System.Collections.Immutable;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Planning;

/// <content>Changes of what is in the chain already.</content>
internal static partial class ChainPlanner
{
    /// <summary>Exchanges one component for another.</summary>
    /// <param name="current">The chain on the NIC.</param>
    /// <param name="old">Program id of the component that leaves.</param>
    /// <param name="replacement">Loaded; its policy is what it brings, and gives way to the old one's where the options say nothing.</param>
    /// <param name="options">Wishes for the policy.</param>
    /// <exception cref="NotFoundException">The component is not in the chain.</exception>
    /// <exception cref="RefusedException">A mix of device-bound programs and others, or a version that cannot express it.</exception>
    public static ChainPlan Replace(PlannedFrom current, ProgramId old, PlannedComponent replacement, ReplaceOptions options)
    {
        var leaving = Select(current.Components, ComponentSelection.ById(old))[0];
        var coming = replacement with
        {
            Policy = replacement.Policy with
            {
                Priority = options.Priority ?? leaving.Policy.Priority,
                Actions = options.Actions ?? leaving.Policy.Actions,
            },
        };
        var wanted = replacement.Policy with { Priority = options.Priority ?? replacement.Policy.Priority, Actions = options.Actions ?? replacement.Policy.Actions };
        var staying = current.Components.Remove(leaving);
        var all = Sort([.. staying, coming]);
        RefuseBinding(all, current.Mode);
        var fitted = VersionRules.Fit(all, current.Version);
        var (before, after) = (SlotOf(current.Components, old), SlotOf(fitted, coming.Id));
        IEnumerable<ChangeNote> moved = before == after
            ? []
            : [new ChangeNote(ChangeNoteKind.Moved, $"'{Printable.Escape(coming.Name)}' runs in slot {after}, the program that it replaces ran in slot {before}")];
        return new ChainPlan(current.Version, current.Mode, fitted, [coming])
        {
            Notes =
            [
                .. NewcomerNotes.AnotherName(leaving, coming, staying), .. NewcomerNotes.Namesakes(staying, [coming]), .. moved,
                .. NewcomerNotes.KeptPolicy(wanted, coming.Policy),
                .. NewcomerNotes.InFrontOfEquals(fitted, coming.Policy.Priority == leaving.Policy.Priority && before == after ? [] : [coming]),
                .. VersionRules.NotesOf([coming], current.Version), .. FragsNotes.OfMixed(current.Components, fitted), .. PolicyNotes.Of(current.Components, fitted),
            ],
        };
    }

    /// <summary>Gives components another policy.</summary>
    /// <param name="current">The chain on the NIC.</param>
    /// <param name="selection">Which ones.</param>
    /// <param name="change">Their policy from now on.</param>
    /// <exception cref="NotFoundException">A chosen id or name is not in the chain.</exception>
    public static ChainPlan SetPolicy(PlannedFrom current, ComponentSelection selection, PolicyChange change)
    {
        var chosen = Select(current.Components, selection);
        ImmutableArray<PlannedComponent> all = [.. current.Components.Select(component => chosen.Contains(component) ? Apply(component, change) : component)];
        var changed = all.Where(component => chosen.Any(one => one.Id == component.Id)).ToImmutableArray();
        if (all.SequenceEqual(current.Components))
        {
            return new ChainPlan(current.Version, current.Mode, current.Components, [])
            {
                ChangesNothing = true,
                Notes = [new ChangeNote(ChangeNoteKind.NothingToDo, "the policy is as asked already")],
            };
        }

        var sorted = Sort(all);
        return new ChainPlan(current.Version, current.Mode, sorted, changed)
        {
            Notes = [.. MovesOf(current.Components, sorted), .. NewcomerNotes.InFrontOfEquals(sorted, change.Priority is null ? [] : changed), .. PolicyNotes.Of(current.Components, sorted)],
        };
    }

    private static PlannedComponent Apply(PlannedComponent component, PolicyChange change) => component with
    {
        Policy = component.Policy with { Priority = change.Priority ?? component.Policy.Priority, Actions = change.Actions ?? component.Policy.Actions },
    };

    private static ImmutableArray<ChangeNote> MovesOf(ImmutableArray<PlannedComponent> before, ImmutableArray<PlannedComponent> after)
    {
        var moved = after.Select((component, slot) => (component.Label, Was: SlotOf(before, component.Id), Now: slot)).Where(each => each.Was != each.Now).ToList();
        return moved.Count == 0
            ? []
            : [new ChangeNote(ChangeNoteKind.Moved, $"in another slot than before: {string.Join(", ", moved.Select(each => $"{each.Label} {each.Was} -> {each.Now}"))}")];
    }

    private static int SlotOf(ImmutableArray<PlannedComponent> components, ProgramId id) =>
        components.IndexOf(components.First(component => component.Id == id));
}
