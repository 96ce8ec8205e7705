using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Probing;

/// <summary>What a slot's return value does to a packet: the chain goes on, or ends with a verdict.</summary>
/// <param name="slot">Policy of the slot.</param>
/// <param name="isLast">Whether no slot comes after it.</param>
/// <param name="isAlone">Whether it is the only one: it stands in the place of the dispatcher, and its policy is not looked at.</param>
internal readonly struct PacketEnd(Slot slot, bool isLast, bool isAlone)
{
    private const uint HighestInPolicy = 31;

    /// <summary>What a slot of a chain does.</summary>
    /// <param name="slots">The policies of all slots, in running order.</param>
    /// <param name="index">Which slot.</param>
    public static PacketEnd Of(ImmutableArray<Slot> slots, int index) => new(slots[index], index == slots.Length - 1, slots.Length == 1);

    /// <summary>The verdict that the packet gets, of those that the kernel knows. Null: the next slot runs.</summary>
    /// <param name="actions">Verdicts after which the slot lets the next one run.</param>
    /// <param name="slot">Which slot.</param>
    /// <param name="count">Slots of the chain.</param>
    /// <param name="returned">What the component returned.</param>
    public static XdpAction? VerdictAfter(ChainCallActions actions, int slot, int count, XdpAction returned) =>
        (XdpAction?)new PacketEnd(Slot.Default with { Actions = actions }, slot == count - 1, count == 1).VerdictAfter((uint)returned);

    /// <summary>The verdict that the packet gets. Null: the next slot runs.</summary>
    /// <param name="returned">What the component returned.</param>
    public uint? VerdictAfter(uint returned)
    {
        if (isAlone || !slot.Actions.ContinuesAfter(returned))
            return returned;
        return isLast ? (uint)XdpAction.Pass : null;
    }

    /// <summary>The return values that end a packet with a verdict that is wanted.</summary>
    /// <param name="wanted">Verdicts; empty: all of them. The kernel treats one that it does not know as XDP_ABORTED.</param>
    public WantedReturns Select(ImmutableArray<XdpAction> wanted)
    {
        var mask = 0u;
        for (var returned = 0u; returned <= HighestInPolicy; returned++)
        {
            if (IsWanted(returned, wanted))
                mask |= 1u << (int)returned;
        }

        return new WantedReturns(mask, IsWanted(HighestInPolicy + 1, wanted));
    }

    private bool IsWanted(uint returned, ImmutableArray<XdpAction> wanted) => VerdictAfter(returned) is { } verdict
        && (wanted.IsEmpty || wanted.Contains(verdict > (uint)XdpAction.Redirect ? XdpAction.Aborted : (XdpAction)verdict));
}

/// <summary>A set of return values.</summary>
/// <param name="Mask">Bit n stands for n, 0 to 31.</param>
/// <param name="HasHigher">Whether all above 31 are in it.</param>
internal readonly record struct WantedReturns(uint Mask, bool HasHigher);
