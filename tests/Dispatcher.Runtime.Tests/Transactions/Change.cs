using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
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
    public static IReadOnlyDictionary<string, Change> All { get; } = new Dictionary<string, Change>(Conversions())
    {
        ["first attach"] = Attach([], "c"),
        ["second attach"] = Attach(["a"], "c"),
        ["third attach"] = Attach(["a", "e"], "c"),
        ["attach of two"] = Attach(["b"], "a", "c"),
        ["detach of one of three"] = Detach(["a", "b", "c"], "b"),
        ["detach of one of two"] = Detach(["a", "b"], "a"),
        ["detach of the last"] = Detach(["a"], "a"),
        ["detach of all"] = new(["a", "b"], [], host => host.Detach(ComponentSelection.All)) { TakesAll = true },
        ["attach to version 1"] = In(DispatcherVersion.V1, Attach(["a"], "c")),
        ["attach to version 3"] = In(DispatcherVersion.V3, Attach(["a", "e"], "c")),
        ["detach in version 1"] = In(DispatcherVersion.V1, Detach(["a", "b", "c"], "b")),
        ["detach in version 3"] = In(DispatcherVersion.V3, Detach(["a", "b"], "a")),
    };

    /// <summary>Whether it takes away what others attach meanwhile.</summary>
    public bool TakesAll { get; private init; }

    /// <summary>Version of the chain before.</summary>
    public DispatcherVersion From { get; private init; } = DispatcherVersion.V2;

    /// <summary>Version of the chain after.</summary>
    public DispatcherVersion To { get; private init; } = DispatcherVersion.V2;

    /// <summary>A machine that carries the chain from before.</summary>
    public World Arrange()
    {
        var world = new World();
        if (!world.Kernel.BpfFs.IsOn(PinRoot))
            world.Kernel.BpfFs.MakeDirectory(PinRoot);
        world.Prepare(From, [.. Before.Select(name => Component(name))]);
        return world;
    }

    /// <summary>How many calls it takes when nothing interferes.</summary>
    public int CountCalls()
    {
        var host = Arrange().Start();
        return Cuts.CountCalls(host, () => Make(host));
    }

    private static IEnumerable<KeyValuePair<string, Change>> Conversions() =>
        from step in new (DispatcherVersion From, DispatcherVersion To)[]
        {
            (DispatcherVersion.V1, DispatcherVersion.V2), (DispatcherVersion.V2, DispatcherVersion.V3),
            (DispatcherVersion.V3, DispatcherVersion.V2), (DispatcherVersion.V2, DispatcherVersion.V1),
        }
        from names in new ImmutableArray<string>[] { ["a"], ["a", "b"], ["a", "b", "c"] }
        select KeyValuePair.Create($"convert {names.Length} from {step.From} to {step.To}", Convert(names, step.From, step.To));

    private static Change Convert(ImmutableArray<string> names, DispatcherVersion from, DispatcherVersion to) =>
        new(names, names, host => host.Convert(to)) { From = from, To = to };

    private static Change In(DispatcherVersion version, Change change) => change with { From = version, To = version };

    private static Change Attach(ImmutableArray<string> before, params ImmutableArray<string> names) =>
        new(before, [.. before.Concat(names).Order(StringComparer.Ordinal)], host => host.Attach([.. names.Select(name => Component(name))]));

    private static Change Detach(ImmutableArray<string> before, string name) =>
        new(before, before.Remove(name), host => host.Detach(ComponentSelection.ByName(name)));
}
