using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation.Checkers;

/// <summary>
/// Every change of a hook is one request applied to what was there, at once, and no request is applied twice. So what runs
/// is at every moment the chain that the requests made so far lead to, in the order of their swaps. A part of a batch that failed elsewhere may be taken back, once.
/// </summary>
internal sealed class Linearizable : ICheck
{
    public void AtChange(Stage stage, HookChange change)
    {
        if (!change.Deed.IsOurs)
            return;
        if (change.PutsBack && change.Deed.Changes.Count == 2)
            return;
        if (!change.Deed.Intent.Explains(change.Before, change.After))
            throw new ViolationException($"'{change.Deed.Intent}' of {change.Deed.Strand.Name} made {change.After} of {change.Before}");
        if (change.Deed.Changes.Count(other => other.Interface == change.Interface) > 1)
            throw new ViolationException($"'{change.Deed.Intent}' of {change.Deed.Strand.Name} was applied twice");
    }
}
