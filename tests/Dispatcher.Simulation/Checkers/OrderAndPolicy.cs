using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation.Checkers;

/// <summary>After a change by the library components stand in the order of the protocol, and who stays keeps its policy.</summary>
internal sealed class OrderAndPolicy : ICheck
{
    public void AtChange(Stage stage, HookChange change)
    {
        if (!change.Deed.IsOurs || change.PutsBack)
            return;
        if (!change.After.IsInOrder)
            throw new ViolationException($"'{change.Deed.Intent}' left {change.Interface.Name} out of order: {change.After}");
        foreach (var item in change.After.Items)
        {
            foreach (var old in change.Before.Items)
            {
                if (old.Id == item.Id && old != item && !IsAskedFor(change.Deed.Intent, item))
                    throw new ViolationException($"'{change.Deed.Intent}' changed the policy of {item.Name}: {old} became {item}");
            }
        }
    }

    private static bool IsAskedFor(Intent intent, HookItem item) =>
        intent is SetIntent set && set.Concerns(item.Name) && set.Priority == item.Priority;
}
