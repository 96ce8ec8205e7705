using System.Collections.Immutable;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Planning;

/// <content>Changes that look at what is in the chain already.</content>
internal static partial class ChainPlanner
{
    // Adds those whose names are not in the chain; what has one of the names stays as it is.
    private static ChainPlan AttachAbsent(PlannedFrom? current, ImmutableArray<PlannedComponent> newcomers, AttachOptions options)
    {
        var byName = (current?.Components ?? []).ToLookup(component => component.Name);
        ImmutableArray<PlannedComponent> coming = [.. newcomers.Where(newcomer => !byName.Contains(newcomer.Name))];
        if (coming.Length == newcomers.Length)
            return AttachAll(current, newcomers, options);
        ImmutableArray<PlannedComponent> kept = [.. newcomers.Except(coming).Select(newcomer => byName[newcomer.Name].First()).Distinct()];
        var plan = coming.IsEmpty
            ? new ChainPlan(current!.Version, current.Mode, current.Components, []) { ChangesNothing = true }
            : AttachAll(current, coming, options);
        return plan with { Kept = kept, Notes = [.. kept.Select(component => NoteOf([.. byName[component.Name]], plan)), .. plan.Notes] };
    }

    private static ChangeNote NoteOf(ImmutableArray<PlannedComponent> present, ChainPlan plan) => new(
        plan.ChangesNothing ? ChangeNoteKind.NothingToDo : ChangeNoteKind.Kept,
        $"'{Printable.Escape(present[0].Name)}' is in the chain already, and is kept: {string.Join(" and ", present.Select(component => $"program {component.Id}"))}");
}
