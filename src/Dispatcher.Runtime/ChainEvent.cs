using System.Collections.Immutable;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime;

/// <summary>What happened to a hook or to its interface.</summary>
public enum ChainEventKind
{
    /// <summary>Nothing happened: this is what is there when the watch begins. It is in <see cref="ChainEvent.After"/>; nobody joined or left.</summary>
    Observed,

    /// <summary>A chain is on a hook that held none.</summary>
    ChainStarted,

    /// <summary>Another revision of a chain took the place of the one before; the same components may be in both.</summary>
    ChainChanged,

    /// <summary>The chain lost pins, or more of them.</summary>
    ChainBroken,

    /// <summary>A whole chain is where a broken one was.</summary>
    ChainMended,

    /// <summary>A program that is not a dispatcher we know took the hook, from a chain, from another such program, or when it was empty.</summary>
    HookTaken,

    /// <summary>Nothing is attached any more.</summary>
    HookEmptied,

    /// <summary>The interface is new in this network namespace.</summary>
    InterfaceAppeared,

    /// <summary>The interface has another name.</summary>
    InterfaceRenamed,

    /// <summary>The interface moved to another network namespace, with what is on its hook.</summary>
    InterfaceMoved,

    /// <summary>The interface is no longer there: removed, or moved without the kernel saying so.</summary>
    InterfaceGone,
}

/// <summary>A change of one hook, from one picture of it to the next. What happened in between and was undone is not told.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Time">When it was noticed, by the wall clock.</param>
/// <param name="InterfaceName">Interface name; after the change if there is one.</param>
/// <param name="InterfaceIndex">Interface index in the network namespace that is watched.</param>
/// <param name="Before">The hook as it was seen last; null: not seen before.</param>
/// <param name="After">The hook as it is; null: the interface is not there. The holder of a foreign program is looked for when it takes the hook.</param>
public sealed record ChainEvent(
    ChainEventKind Kind, DateTimeOffset Time, string InterfaceName, int InterfaceIndex, HookStatus? Before, HookStatus? After)
{
    /// <summary>One line, such as <c>eth0: ChainStarted, dispatcher 7, xdp_firewall (6)</c>.</summary>
    public override string ToString() => $"{Printable.Escape(InterfaceName)}: {Kind}{(After is { } after ? $", {after.Contents}" : "")}";

    /// <summary>What is known of who did it. Null: nothing.</summary>
    public ChangeOrigin? Origin { get; init; }

    /// <summary>Of an interface that moved: where to. Null: it did not.</summary>
    public MovedInterface? MovedTo { get; init; }

    /// <summary>
    /// Components that are in the chain and were not before. Empty as well when the hook was not seen whole before, as in the first event of a watch
    /// (<see cref="ChainEventKind.Observed"/>): what is there then is in <see cref="After"/>.
    /// </summary>
    public ImmutableArray<ComponentStatus> Joined => Before is { Broken: null } && After is { Broken: null } ? Missing(After, from: Before) : [];

    /// <summary>
    /// Components that were in the chain and run on this interface no longer: evicted, or taken out. Of a chain that breaks those that are known to be
    /// dead, and of one that was broken those that were seen to run. Empty as well when the interface moved with all of them.
    /// </summary>
    public ImmutableArray<ComponentStatus> Left => (Kind, After) switch
    {
        (ChainEventKind.InterfaceMoved, _) => [],
        (_, { Broken: { } broken }) => DeadOf(Before, broken),
        _ => Missing(Before, from: After),
    };

    /// <summary>Components that stayed and run in another slot or by another policy.</summary>
    public ImmutableArray<AlteredComponent> Altered =>
    [
        .. from old in ProgramsOf(Before)
           join now in ProgramsOf(After) on old.Id equals now.Id
           where old != now
           select new AlteredComponent(old, now),
    ];

    private static ImmutableArray<ComponentStatus> Missing(HookStatus? hook, HookStatus? from)
    {
        var others = ProgramsOf(from).Select(program => program.Id).ToHashSet();
        return [.. ProgramsOf(hook).Where(program => !others.Contains(program.Id))];
    }

    private static ImmutableArray<ComponentStatus> DeadOf(HookStatus? before, BrokenChain broken) => before?.Attached != broken.DispatcherId
        ? []
        : [.. ProgramsOf(before).Where(program => broken.LostSlots.Any(lost => lost.Slot == program.Slot && lost.IsAlive == false))];

    private static ImmutableArray<ComponentStatus> ProgramsOf(HookStatus? hook) => hook?.Chain?.Programs ?? hook?.Broken?.Programs ?? [];
}

/// <summary>A component that stayed in a chain and runs otherwise than before.</summary>
/// <param name="Before">As it was.</param>
/// <param name="After">As it is.</param>
public sealed record AlteredComponent(ComponentStatus Before, ComponentStatus After)
{
    /// <summary>Whether it runs in another slot; so does every component behind one that joined or left.</summary>
    public bool IsMoved => Before.Slot != After.Slot;

    /// <summary>Whether its priority or its chain call actions are others.</summary>
    public bool HasNewPolicy => Before.Priority != After.Priority || Before.Actions != After.Actions;
}

/// <summary>Where an interface moved to.</summary>
/// <param name="NamespaceId">Number that the network namespace it left has for the other one, as <c>ip netns list-id</c> shows it. Null: it has none.</param>
/// <param name="InterfaceIndex">Its index there. Null: the kernel did not say.</param>
/// <param name="NamespaceName">Name or path of a namespace that has an interface like it now. Null: none is seen.</param>
public sealed record MovedInterface(int? NamespaceId, int? InterfaceIndex, string? NamespaceName);
