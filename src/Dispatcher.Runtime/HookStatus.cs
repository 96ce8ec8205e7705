using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Probing;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime;

/// <summary>What is on the XDP hook of one interface.</summary>
/// <param name="InterfaceName">Interface name.</param>
/// <param name="InterfaceIndex">Interface index in the caller's network namespace.</param>
/// <param name="Mode">Mode of what is attached; null when the hook is empty.</param>
/// <param name="Chain">The chain, when a dispatcher that we know is attached.</param>
/// <param name="Foreign">What else is attached, when it is not a dispatcher that we know.</param>
public sealed record HookStatus(string InterfaceName, int InterfaceIndex, AttachMode? Mode, ChainStatus? Chain, ForeignProgram? Foreign)
{
    /// <summary>The chain, when a dispatcher that we know is attached and some of its components are not pinned.</summary>
    public BrokenChain? Broken { get; init; }

    /// <summary>Whether nothing is attached.</summary>
    public bool IsEmpty => Chain is null && Foreign is null && Broken is null;

    /// <summary>What is attached, be it a dispatcher or not. Null: nothing.</summary>
    internal ProgramId? Attached => Chain?.DispatcherId ?? Broken?.DispatcherId ?? Foreign?.Id;

    /// <summary>One line, such as <c>eth0: dispatcher 7, xdp_firewall (6), xdp_ids (12)</c>.</summary>
    public override string ToString() => $"{Printable.Escape(InterfaceName)}: {Contents}";

    /// <summary>What is attached, without the interface.</summary>
    internal string Contents => this switch
    {
        { Chain: { } chain } => $"dispatcher {chain.DispatcherId}, {string.Join(", ", chain.Programs)}",
        { Broken: { } broken } => $"dispatcher {broken.DispatcherId}, broken",
        { Foreign: { } foreign } => $"program {foreign.Id} '{Printable.Escape(foreign.Name)}', not a dispatcher",
        _ => "no XDP program",
    };
}

/// <summary>A dispatcher on a hook and the components in its slots.</summary>
/// <param name="DispatcherId">Program id of the dispatcher.</param>
/// <param name="Tag">Program tag of the dispatcher.</param>
/// <param name="Version">Protocol version, from the BTF marker read back from the kernel, and from the config byte.</param>
/// <param name="HasFrags">Whether it takes packets in several buffers.</param>
/// <param name="Programs">The components in running order.</param>
public sealed record ChainStatus(
    ProgramId DispatcherId, ProgramTag Tag, DispatcherVersion Version, bool HasFrags, ImmutableArray<ComponentStatus> Programs)
{
    /// <summary>Whether some component takes packets in several buffers and the chain does not.</summary>
    public bool IsFragsDowngraded => !HasFrags && Programs.Any(program => program.HasFrags);

    /// <summary>The components that keep the others from frags; empty with <see cref="IsFragsDowngraded"/>: the kernel, or whoever built the chain, does.</summary>
    public ImmutableArray<ComponentStatus> FragsPreventedBy => IsFragsDowngraded ? [.. Programs.Where(program => !program.HasFrags)] : [];

    /// <summary>What becomes of a packet when a component returns a verdict.</summary>
    /// <param name="slot">Place of the component in the chain.</param>
    /// <param name="returned">What it returns.</param>
    /// <returns>The verdict of the whole chain; null: the next slot runs.</returns>
    public XdpAction? VerdictAfter(int slot, XdpAction returned) => PacketEnd.VerdictAfter(Programs[slot].Actions, slot, Programs.Length, returned);
}

/// <summary>A component program in its slot.</summary>
/// <param name="Slot">Place in the chain, from 0.</param>
/// <param name="Id">Program id; stays the same while the chain changes around it.</param>
/// <param name="Name">Full function name where BTF tells it, else the kernel's name of at most 15 bytes.</param>
/// <param name="Tag">Program tag.</param>
/// <param name="Priority">Run priority; lower runs earlier.</param>
/// <param name="Actions">Verdicts after which the next slot runs.</param>
/// <param name="HasFrags">Whether it takes packets in several buffers.</param>
public sealed record ComponentStatus(
    int Slot, ProgramId Id, string Name, ProgramTag Tag, uint Priority, ChainCallActions Actions, bool HasFrags)
{
    /// <summary>Whether it is bound to the device, as the whole chain is then.</summary>
    public bool IsDeviceBound { get; init; }

    /// <summary>Name and id, such as <c>xdp_firewall (6)</c>.</summary>
    public override string ToString() => $"{Printable.Escape(Name)} ({Id})";
}

/// <summary>A chain that lost pins: it cannot be changed, and slots whose links died let every packet through.</summary>
/// <param name="DispatcherId">Program id of the dispatcher.</param>
/// <param name="Tag">Program tag of the dispatcher.</param>
/// <param name="Version">Protocol version.</param>
/// <param name="LostSlots">Slots without pins.</param>
public sealed record BrokenChain(ProgramId DispatcherId, ProgramTag Tag, DispatcherVersion Version, ImmutableArray<LostSlot> LostSlots)
{
    /// <summary>No slot of it is pinned: perhaps the chain was made with another BPF file system, by <c>LIBXDP_BPFFS</c> or in another mount namespace.</summary>
    public bool IsWithoutPins { get; init; }

    /// <summary>Where pins are looked for, when there is no BPF file system there, so that nothing is known of them; null: there is one.</summary>
    public string? MissingBpfFs { get; init; }

    /// <summary>Network namespace of the interface, as <see cref="XdpDispatcherOptions.NetworkNamespace"/> names it; null: that of the process.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>False: this kernel (before Linux 5.13) does not say what a link replaces, and one that has no pin may be of this chain.</summary>
    public bool CanBeMended { get; init; } = true;

    /// <summary>What runs of it as far as it is seen, by slot: programs that are pinned, and of the lost slots those that are alive.</summary>
    public ImmutableArray<ComponentStatus> Programs { get; init; } = [];

    /// <summary>Mode of the hook it is on.</summary>
    internal AttachMode Mode { get; init; }

    /// <summary>Whether nothing of it runs any more: every packet passes.</summary>
    public bool IsDead => IsWithoutPins && LostSlots.All(lost => lost.IsAlive == false);

    /// <summary>What is wrong with it, as part of a sentence.</summary>
    public override string ToString() => string.Join("; ", LostSlots.GroupBy(lost => (lost.IsAlive, lost.PinnedForIndex)).OrderBy(same => same.Key).Select(same => Describe(same.Key.IsAlive, same.Key.PinnedForIndex, [.. same])));

    private static string Describe(bool? isAlive, int? other, LostSlot[] same)
    {
        var (slots, isOne) = ($"slot{(same.Length == 1 ? "" : "s")} {string.Join(", ", same.Select(lost => lost.Slot))}", same.Length == 1);
        return isAlive switch
        {
            false => isOne ? $"{slots} is DEAD, and packets pass it" : $"{slots} are DEAD, and packets pass them",
            true when other is { } index => string.Create(CultureInfo.InvariantCulture,
                $"{slots} {(isOne ? "runs" : "run")}, but {(isOne ? "its" : "their")} pins are those of interface index {index}: another interface of the chain, or this one before it moved"),
            true => isOne ? $"{slots} runs, but is not fully pinned" : $"{slots} run, but are not fully pinned",
            null => $"{slots} {(isOne ? "is" : "are")} not fully pinned",
        };
    }

    /// <summary>What a command line needs for interfaces of a network namespace; null: that of the process, so nothing.</summary>
    internal static string NetnsOption(string? network) => network is null ? "" : $" --netns {Printable.Escape(network)}";

    /// <summary>What mends it, as part of a sentence for people at the command line.</summary>
    /// <param name="interfaceName">The interface it is on.</param>
    public string AdviceFor(string interfaceName)
    {
        if (!CanBeMended)
        {
            return (IsWithoutPins ? "use the BPF file system that it is pinned in if that is another one (LIBXDP_BPFFS, mount namespace); if it is not, " : "")
                + "this kernel (before Linux 5.13) does not say what a link replaces, and one that has no pin may be of this chain, so it cannot be mended: "
                + $"'{DetachCommand.For(NetworkNamespace, interfaceName, Mode)}' takes it off, and from then on packets pass until its programs are loaded again";
        }

        var repair = $"'xdp-dispatch clean {Printable.Escape(interfaceName)}{NetnsOption(NetworkNamespace)} --repair'";
        if (IsDead)
            return $"{repair} takes it off the hook; then load the programs again";
        var isElsewhere = IsWithoutPins && LostSlots.Any(lost => lost.PinnedForIndex is null) ? ", unless it is pinned in another BPF file system (LIBXDP_BPFFS, mount namespace)" : "";
        return LostSlots.Any(lost => lost.IsAlive == false)
            ? $"{repair} mends what runs; load again what is dead{isElsewhere}"
            : $"{repair} {(LostSlots.All(lost => lost.IsAlive == true) ? "pins them again" : "mends it from what is still alive")}{isElsewhere}";
    }
}

/// <summary>A slot of a chain whose component is not to be found.</summary>
/// <param name="Slot">Place in the chain, from 0.</param>
/// <param name="Priority">Run priority in the dispatcher's config.</param>
/// <param name="Actions">Chain call actions in the dispatcher's config.</param>
public sealed record LostSlot(int Slot, uint Priority, ChainCallActions Actions)
{
    /// <summary>Whether its component runs all the same, since something else than the pin holds it; false: it is dead, and packets pass the slot; null: not known.</summary>
    public bool? IsAlive { get; init; }

    /// <summary>Of one that runs: the interface index under which the same dispatcher has its pins, as an interface leaves them that gets another index when it moves to another network namespace; null: there are none.</summary>
    public int? PinnedForIndex { get; init; }
}

/// <summary>Something on a hook that is not a dispatcher we can work with.</summary>
/// <param name="Id">Program id.</param>
/// <param name="Name">The kernel's name of it, at most 15 bytes; escape it before printing.</param>
/// <param name="Reason">Why it is not a dispatcher we can work with, without full stop.</param>
public sealed record ForeignProgram(ProgramId Id, string Name, string Reason)
{
    /// <summary>Protocol version, when it is a dispatcher of a version that this release does not know.</summary>
    public int? UnknownVersion { get; init; }

    /// <summary>What keeps it on the hook. Null: not looked for, as when all interfaces are read, or gone meanwhile.</summary>
    public ForeignHolder? Holder { get; init; }
}
