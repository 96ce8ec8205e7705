using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation.Checkers;

/// <summary>A program that is no dispatcher is never displaced by the library.</summary>
internal sealed class ForeignKept : ICheck
{
    public void AtChange(Stage stage, HookChange change)
    {
        if (change.Deed.IsOurs && change.Before.IsForeign)
            throw new ViolationException($"{change.Deed.Strand.Name} displaced foreign program {change.Before.Program} from {change.Interface.Name} ({change.Deed.Intent})");
    }
}
