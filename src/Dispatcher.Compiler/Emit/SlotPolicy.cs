using System.Collections.Immutable;
using System.Numerics;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>Verdicts that lie together.</summary>
/// <param name="First">Lowest value.</param>
/// <param name="Last">Highest value.</param>
internal readonly record struct VerdictRange(int First, int Last)
{
    /// <summary>One verdict alone.</summary>
    public bool IsSingle => First == Last;
}

/// <summary>The policy of one slot in the shape that code is written from.</summary>
/// <param name="Wire">Verdicts after which the chain goes on, with the bit of the empty stub.</param>
/// <remarks>
/// A verdict above 31 has no bit and always ends the chain. Ranges are as wide as they can be: a verdict that makes no
/// difference where they are tested may lie inside one.
/// </remarks>
internal readonly record struct SlotPolicy(uint Wire)
{
    private const uint PassBit = 1u << (int)XdpAction.Pass;

    /// <summary>The policy of a slot.</summary>
    public static SlotPolicy Of(Slot slot) => new(slot.Actions.ToWire());

    /// <summary>Whether the chain goes on after XDP_PASS.</summary>
    public bool HasPass => (Wire & PassBit) != 0;

    /// <summary>The verdict that is tested first: XDP_PASS when the chain goes on after it, else the lowest, which may be the empty stub's.</summary>
    public int CommonVerdict => HasPass ? (int)XdpAction.Pass : BitOperations.TrailingZeroCount(Wire);

    /// <summary>The other verdicts after which the chain goes on, where the common one has been ruled out.</summary>
    public ImmutableArray<VerdictRange> RangesBesideCommon() => Ranges(CommonBit);

    /// <summary>The same behind the last slot, where XDP_PASS makes no difference: returned as it is or made from another verdict.</summary>
    public ImmutableArray<VerdictRange> RangesBesideCommonAndPass() => Ranges(CommonBit | PassBit);

    private uint CommonBit => 1u << CommonVerdict;

    private ImmutableArray<VerdictRange> Ranges(uint indifferent)
    {
        var ranges = ImmutableArray.CreateBuilder<VerdictRange>();
        var wanted = Wire & ~indifferent;
        for (var rest = wanted; rest != 0;)
        {
            var first = BitOperations.TrailingZeroCount(rest);
            var length = BitOperations.TrailingZeroCount(~((wanted | indifferent) >> first));
            var run = length >= 32 ? uint.MaxValue << first : ((1u << length) - 1) << first;
            var members = wanted & run;
            rest &= ~run;
            ranges.Add(new VerdictRange(BitOperations.IsPow2(members) ? first : Widen(first, indifferent), BitOperations.Log2(members)));
        }

        return ranges.ToImmutable();
    }

    private static int Widen(int first, uint indifferent)
    {
        while (first > 0 && (indifferent >> (first - 1) & 1) != 0)
            first--;
        return first;
    }
}
