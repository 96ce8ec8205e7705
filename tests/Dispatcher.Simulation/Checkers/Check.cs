using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation.Checkers;

/// <summary>Something that must hold in every run.</summary>
internal interface ICheck
{
    /// <summary>Before every call that others can notice.</summary>
    void AtLook(Stage stage)
    {
    }

    /// <summary>After every change of a hook.</summary>
    void AtChange(Stage stage, HookChange change)
    {
    }

    /// <summary>When everybody has ended.</summary>
    void AtEnd(Stage stage)
    {
    }
}

/// <summary>The checkers.</summary>
internal static class Check
{
    /// <summary>New ones for a run, in the order in which they look.</summary>
    public static IEnumerable<ICheck> All() =>
    [
        new ForeignKept(), new Linearizable(), new OrderAndPolicy(), new WholeChain(), new FirewallHolds(),
        new TrueAnswers(), new NoLostSuccess(), new Bounded(), new NothingLeft(),
    ];
}

/// <summary>A checker found something.</summary>
internal sealed class ViolationException(string message) : Exception(message)
{
    /// <summary>Name of the checker.</summary>
    public string? Checker { get; set; }
}
