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
            return OfBroken(broken);
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

    // Where a program is gone, the empty function in its place lets every packet go on.
    private static ChainGraph OfBroken(BrokenChain broken)
    {
        var running = broken.Programs.ToDictionary(program => program.Slot);
        var lost = broken.LostSlots.ToDictionary(slot => slot.Slot);
        var slots = running.Keys.Union(lost.Keys).Order().ToList();
        var whole = new ChainStatus(broken.DispatcherId, broken.Tag, broken.Version, HasFrags: false, [.. slots.Select(slot =>
            running.GetValueOrDefault(slot) ?? new ComponentStatus(slot, default, "", default, lost[slot].Priority, lost[slot].Actions, HasFrags: false))]);
        var steps = slots.Select((slot, place) => running.TryGetValue(slot, out var program)
            ? new GraphStep(
                string.Create(CultureInfo.InvariantCulture, $"slot {slot}: {Printable.Escape(program.Name)}"),
                string.Create(CultureInfo.InvariantCulture, $"id {program.Id}, priority {program.Priority}") + (lost.ContainsKey(slot) ? ", not fully pinned" : ""),
                EdgesOf(whole, place))
            : new GraphStep(
                string.Create(CultureInfo.InvariantCulture, $"slot {slot}: {(lost[slot].IsAlive == false ? "DEAD" : "LOST")}"),
                string.Create(CultureInfo.InvariantCulture, $"no pins, priority {lost[slot].Priority}, {StatusText.Policy(lost[slot].Actions)}"),
                [new GraphEdge(lost[slot].IsAlive == false ? "every packet: its program is gone" : "every packet, if its program is gone", place < slots.Count - 1 ? GraphEnd.Next : GraphEnd.Stack)])
            { IsLost = true }).ToList();
        return new ChainGraph(steps, null);
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
