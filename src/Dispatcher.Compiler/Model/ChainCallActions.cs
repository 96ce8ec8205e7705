using System.Collections.Immutable;

namespace Dispatcher.Compiler.Model;

/// <summary>The verdicts of a component after which the next slot still runs; any other verdict ends the chain.</summary>
/// <param name="Mask">Bit n stands for the action of value n. Bit 31, which the wire always carries, is not part of it.</param>
/// <remarks>On the wire a u32 with bit 31 set: 31 is what an empty stub returns, so an empty slot never ends the chain.</remarks>
public readonly record struct ChainCallActions(uint Mask)
{
    /// <summary>The bit of an empty stub's return value; set in every chain_call_actions on the wire.</summary>
    public const uint EmptyStubBit = 1u << DispatcherLimits.EmptyStubVerdict;

    /// <summary>Continue on XDP_PASS: what a component without run config gets.</summary>
    public static ChainCallActions Default { get; } = Of(XdpAction.Pass);

    /// <summary>The set of the given actions.</summary>
    public static ChainCallActions Of(params ReadOnlySpan<XdpAction> actions)
    {
        var mask = 0u;
        foreach (var action in actions)
            mask |= 1u << (int)action;
        return new ChainCallActions(mask);
    }

    /// <summary>Reads the u32 of a dispatcher config.</summary>
    public static ChainCallActions FromWire(uint value) => new(value & ~EmptyStubBit);

    /// <summary>The u32 for a dispatcher config, with bit 31 set.</summary>
    public uint ToWire() => Mask | EmptyStubBit;

    /// <summary>Whether the chain goes on after this action.</summary>
    public bool Contains(XdpAction action) => (Mask >> (int)action & 1) != 0;

    /// <summary>Whether the chain goes on after this return value of a slot, empty stub included.</summary>
    /// <param name="verdict">Any value that a slot may return; above 31 the chain always ends.</param>
    public bool ContinuesAfter(uint verdict) => verdict <= 31 && (ToWire() >> (int)verdict & 1) != 0;

    /// <summary>The known actions in the set, by value.</summary>
    public ImmutableArray<XdpAction> ToActions()
    {
        var self = this;
        return [.. XdpActionNames.All.Where(action => self.Contains(action))];
    }

    /// <summary>Reads a list such as <c>XDP_PASS,XDP_TX</c> or <c>pass+tx</c>; <c>none</c> is the empty set.</summary>
    /// <param name="text">Names apart by comma or plus sign.</param>
    /// <param name="actions">The set read.</param>
    /// <returns>False when a name is not an action.</returns>
    public static bool TryParse(string text, out ChainCallActions actions)
    {
        ArgumentNullException.ThrowIfNull(text);
        actions = default;
        if (text.Trim().Equals("none", StringComparison.OrdinalIgnoreCase))
            return true;
        var mask = 0u;
        foreach (var part in text.Split(',', '+'))
        {
            if (!XdpActionNames.TryParse(part, out var action))
                return false;
            mask |= 1u << (int)action;
        }

        actions = new ChainCallActions(mask);
        return true;
    }

    /// <summary>Kernel names apart by commas, or <c>none</c>.</summary>
    public override string ToString() =>
        ToActions() is { Length: > 0 } actions ? string.Join(',', actions.Select(a => a.KernelName())) : "none";
}
