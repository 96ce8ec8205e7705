using System.Collections.Immutable;
using Dispatcher.Runtime.Tests.Simulation;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>One change to a chain, to be cut at every call.</summary>
/// <param name="Before">The chain that is there.</param>
/// <param name="After">The chain that it leads to.</param>
/// <param name="Make">The change.</param>
internal sealed record Change(ImmutableArray<string> Before, ImmutableArray<string> After, Action<Host> Make)
{
    /// <summary>Every kind of change, by name.</summary>
    public static IReadOnlyDictionary<string, Change> All { get; } = new Dictionary<string, Change>
    {
        ["first attach"] = Attach([], "c"),
        ["second attach"] = Attach(["a"], "c"),
        ["third attach"] = Attach(["a", "e"], "c"),
        ["attach of two"] = Attach(["b"], "a", "c"),
        ["detach of one of three"] = Detach(["a", "b", "c"], "b"),
        ["detach of one of two"] = Detach(["a", "b"], "a"),
        ["detach of the last"] = Detach(["a"], "a"),
        ["detach of all"] = new(["a", "b"], [], host => host.Detach(ComponentSelection.All)) { TakesAll = true },
    };

    /// <summary>Whether it takes away what others attach meanwhile.</summary>
    public bool TakesAll { get; private init; }

    /// <summary>A machine that carries the chain from before.</summary>
    public World Arrange()
    {
        var world = new World();
        if (!world.Kernel.BpfFs.IsOn(PinRoot))
            world.Kernel.BpfFs.MakeDirectory(PinRoot);
        world.Prepare([.. Before.Select(name => Component(name))]);
        return world;
    }

    /// <summary>How many calls it takes when nothing interferes.</summary>
    public int CountCalls()
    {
        var host = Arrange().Start();
        return Cuts.CountCalls(host, () => Make(host));
    }

    private static Change Attach(ImmutableArray<string> before, params ImmutableArray<string> names) =>
        new(before, [.. before.Concat(names).Order(StringComparer.Ordinal)], host => host.Attach([.. names.Select(name => Component(name))]));

    private static Change Detach(ImmutableArray<string> before, string name) =>
        new(before, before.Remove(name), host => host.Detach(ComponentSelection.ByName(name)));
}
