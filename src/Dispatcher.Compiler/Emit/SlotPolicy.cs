using System.Collections.Immutable;
using System.Numerics;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>Verdicts that lie together.</summary>
/// <param name="First">Lowest value.</param>
/// <param name="Last">Highest value.</param>
internal readonly record struct VerdictRange(int First, int Last);

/// <summary>The policy of one slot in the shape that code is written from.</summary>
/// <remarks>
/// A verdict above 31 has no bit and always ends the chain. Ranges are as wide as they can be: a value that is known
/// not to occur where the ranges are tested may lie inside one.
/// </remarks>
internal readonly record struct SlotPolicy(uint Wire)
{
    private const int Pass = (int)XdpAction.Pass;

    /// <summary>The policy of a slot, with the bit of the empty stub.</summary>
    public static SlotPolicy Of(Slot slot) => new(slot.Actions.ToWire());

    /// <summary>Whether the chain goes on after XDP_PASS.</summary>
    public bool HasPass => Has(Pass);

    /// <summary>The verdict that is tested first: XDP_PASS when the chain goes on after it, else the lowest, which may be the empty stub's.</summary>
    public int CommonVerdict => HasPass ? Pass : BitOperations.TrailingZeroCount(Wire);

    /// <summary>The other verdicts after which the chain goes on, where the common one has been ruled out.</summary>
    public ImmutableArray<VerdictRange> RangesBesideCommon() => Ranges(CommonVerdict);

    /// <summary>The verdicts of the last slot that become XDP_PASS; XDP_PASS itself is returned as it is either way.</summary>
    public ImmutableArray<VerdictRange> RangesBesidePass() => Ranges(Pass);

    private bool Has(int verdict) => (Wire >> verdict & 1) != 0;

    private ImmutableArray<VerdictRange> Ranges(int indifferent)
    {
        var ranges = ImmutableArray.CreateBuilder<VerdictRange>();
        var first = -1;
        var last = -1;
        for (var verdict = 0; verdict <= DispatcherLimits.EmptyStubVerdict; verdict++)
        {
            if (verdict == indifferent)
                continue;
            if (Has(verdict))
            {
                first = first < 0 ? verdict : first;
                last = verdict;
            }
            else if (first >= 0)
            {
                ranges.Add(new VerdictRange(first, last));
                first = -1;
            }
        }

        if (first >= 0)
            ranges.Add(new VerdictRange(first, last));
        return ranges.ToImmutable();
    }
}
