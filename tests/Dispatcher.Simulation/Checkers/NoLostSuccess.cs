using Dispatcher.Runtime;
using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation.Checkers;

/// <summary>What was reported as attached is in the chain at the end, unless somebody asked for it to go; what was reported as detached is not.</summary>
internal sealed class NoLostSuccess : ICheck
{
    // There was nothing to do, because a batch had emptied the hook that failed elsewhere and was put back.
    private static bool ComesBack(Stage stage, Deed deed) => deed.Changes.Count == 0
        && stage.Ledger.Deeds.Any(other => other.Outcome == InterfaceOutcomeKind.Undone && other.Intent.Interface == deed.Intent.Interface);

    public void AtEnd(Stage stage)
    {
        if (stage.Scenario.Cast.Any(role => role.Part == Part.Brute))
            return;
        foreach (var deed in stage.Ledger.Deeds.Where(deed => deed.Succeeded))
        {
            var content = stage.Ledger.Contents.First(each => each.Key.Name == deed.Intent.Interface).Value;
            foreach (var name in deed.Intent.Adds)
            {
                var goes = stage.Ledger.Deeds.Any(other => other != deed && other.Intent.Interface == deed.Intent.Interface && other.Intent.Removes(name));
                if (!goes && content.Items.All(item => item.Name != name))
                    throw new ViolationException($"{deed.Strand.Name} was told that {name} is attached, and it is not: {content}");
            }

            var comes = stage.Ledger.Deeds.Any(other => other != deed && other.Intent.Adds.Any(deed.Intent.Removes));
            if (!comes && !ComesBack(stage, deed) && content.Items.Any(item => deed.Intent.Removes(item.Name)))
                throw new ViolationException($"{deed.Strand.Name} was told that '{deed.Intent}' is done, and it is not: {content}");
        }
    }
}
