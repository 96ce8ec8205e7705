using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Where an edge of the graph leads.</summary>
internal enum GraphEnd
{
    /// <summary>To the step below.</summary>
    Next,

    /// <summary>To the network stack.</summary>
    Stack,

    /// <summary>Nowhere.</summary>
    Dropped,

    /// <summary>Out of the interface that the packet came from.</summary>
    BackOut,

    /// <summary>To another interface, CPU or socket.</summary>
    Elsewhere,
}

/// <summary>A way out of a step.</summary>
/// <param name="Label">The verdicts that take it.</param>
/// <param name="End">Where it leads.</param>
/// <param name="Remark">What surprises people; null: nothing.</param>
internal sealed record GraphEdge(string Label, GraphEnd End, string? Remark = null);

/// <summary>A program on the way of a packet. Its texts are escaped.</summary>
/// <param name="Title">Slot and name.</param>
/// <param name="Details">Handles and policy.</param>
/// <param name="Edges">The ways out.</param>
internal sealed record GraphStep(string Title, string Details, IReadOnlyList<GraphEdge> Edges)
{
    /// <summary>Whether any packet gets here; set by what is before it.</summary>
    public bool IsReached { get; init; } = true;

    /// <summary>Whether its pins are lost.</summary>
    public bool IsLost { get; init; }

    /// <summary><see cref="Details"/>, and whether it matters.</summary>
    public string FullDetails => IsReached ? Details : Details + "; no packet gets here";

    /// <summary>The way to the step below, when there is one.</summary>
    public GraphEdge? Onward => Edges.FirstOrDefault(e => e.End == GraphEnd.Next);
}

/// <summary>The way of a packet through what is on one hook, however it is drawn then.</summary>
/// <param name="Steps">From the network card on; none: the hook is empty.</param>
/// <param name="Remark">What holds for the whole; null: nothing.</param>
internal sealed record ChainGraph(IReadOnlyList<GraphStep> Steps, string? Remark)
{
    /// <summary>Reads a hook.</summary>
    public static ChainGraph Of(HookStatus hook)
    {
        if (hook.Chain is { } chain)
            return OfChain(chain);
        if (hook.Broken is { } broken)
            return OfBroken(broken, Printable.Escape(hook.InterfaceName));
        return hook.Foreign is { } foreign ? OfForeign(foreign) : new ChainGraph([], null);
    }

    /// <summary>The name of an end of the way.</summary>
    /// <param name="end">Not the next step.</param>
    /// <param name="interfaceName">Where the packet came from, escaped.</param>
    public static string NameOf(GraphEnd end, string interfaceName) => end switch
    {
        GraphEnd.Stack => "network stack",
        GraphEnd.BackOut => $"back out of {interfaceName}",
        GraphEnd.Elsewhere => "another interface, CPU or socket",
        _ => "dropped",
    };

    private static ChainGraph OfChain(ChainStatus chain)
    {
        var steps = new List<GraphStep>();
        var isAlone = chain.Programs.Length == 1;
        foreach (var program in chain.Programs)
        {
            steps.Add(new GraphStep(
                string.Create(CultureInfo.InvariantCulture, $"slot {program.Slot}: {Printable.Escape(program.Name)}"),
                string.Create(CultureInfo.InvariantCulture, $"id {program.Id}, priority {program.Priority}")
                    + (program.HasFrags ? ", frags" : "") + (program.IsDeviceBound ? ", device-bound" : ""),
                EdgesOf(chain, program.Slot))
            {
                IsReached = steps.Count == 0 || steps[^1] is { IsReached: true, Onward: not null },
            });
        }

        return new ChainGraph(steps, isAlone
            ? $"alone in the chain, every verdict is final; its actions ({StatusText.Actions(chain.Programs[0].Actions)}) matter once a second program joins"
            : null);
    }

    // A slot without pins may still have its program; where that is gone, the empty function lets every packet go on.
    private static ChainGraph OfBroken(BrokenChain broken, string interfaceName)
    {
        var lost = broken.LostSlots.ToDictionary(slot => slot.Slot);
        var steps = Enumerable.Range(0, lost.Keys.DefaultIfEmpty(-1).Max() + 1).Select(index => lost.TryGetValue(index, out var slot)
            ? new GraphStep(
                $"slot {index}: LOST",
                $"no pins, priority {slot.Priority}, {StatusText.Policy(slot.Actions)}",
                [new GraphEdge("every packet, if its program is gone", GraphEnd.Next)])
            { IsLost = true }
            : new GraphStep($"slot {index}", "pinned", [new GraphEdge("as its actions say", GraphEnd.Next)])).ToList();
        steps.Add(new GraphStep("the rest of the chain", $"dispatcher {broken.DispatcherId}", [new GraphEdge("what it passes", GraphEnd.Stack)]));
        return new ChainGraph(steps, $"which verdicts end the chain is not known while pins are lost; '{CliDefinition.ToolName} clean {interfaceName} --repair' mends what is still alive");
    }

    private static ChainGraph OfForeign(ForeignProgram foreign) => new(
        [new GraphStep($"program {foreign.Id}: {Printable.Escape(foreign.Name)}", $"no chain: {Printable.Escape(foreign.Reason)}", Final(XdpActionNames.All))],
        null);

    private static List<GraphEdge> EdgesOf(ChainStatus chain, int slot)
    {
        var edges = Final(XdpActionNames.All.Where(action => chain.VerdictAfter(slot, action) == action));
        var onward = XdpActionNames.All.Where(action => chain.VerdictAfter(slot, action) is null).ToArray();
        if (onward.Length > 0)
            edges.Add(new GraphEdge(Label(onward), GraphEnd.Next));
        var changed = XdpActionNames.All.Where(action => chain.VerdictAfter(slot, action) is { } verdict && verdict != action).ToArray();
        if (changed.Length > 0)
            edges.Add(new GraphEdge(Label(changed), GraphEnd.Stack, $"{(changed.Length == 1 ? "becomes" : "become")} XDP_PASS, since no slot follows"));
        return edges;
    }

    private static List<GraphEdge> Final(IEnumerable<XdpAction> actions) =>
        [.. actions.GroupBy(EndOf).Select(group => new GraphEdge(Label(group), group.Key))];

    private static string Label(IEnumerable<XdpAction> actions) => string.Join(", ", actions.Select(a => a.KernelName()));

    private static GraphEnd EndOf(XdpAction action) => action switch
    {
        XdpAction.Pass => GraphEnd.Stack,
        XdpAction.Tx => GraphEnd.BackOut,
        XdpAction.Redirect => GraphEnd.Elsewhere,
        _ => GraphEnd.Dropped,
    };
}
