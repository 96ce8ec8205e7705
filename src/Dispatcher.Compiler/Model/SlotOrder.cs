namespace Dispatcher.Compiler.Model;

/// <summary>What decides where a component stands in the chain.</summary>
/// <param name="Priority">Run priority; lower runs earlier.</param>
/// <param name="Name">Full function name.</param>
/// <param name="IsInChain">It ran in the chain already when the change began.</param>
/// <param name="InstructionCount">Instructions before translation; decides between two newcomers.</param>
/// <param name="Tag">The kernel's 8-byte program tag.</param>
/// <param name="LoadTimeNs">Load time in nanoseconds since boot.</param>
public readonly record struct SlotOrderKey(uint Priority, string Name, bool IsInChain, int InstructionCount, ulong Tag, ulong LoadTimeNs);

/// <summary>Rules of the order, in which they are asked: the first one that tells two components apart decides.</summary>
public enum SlotOrderRule
{
    /// <summary>Lower run priority first.</summary>
    Priority,

    /// <summary>Function name, by bytes.</summary>
    Name,

    /// <summary>Who is in the chain before newcomers.</summary>
    InChain,

    /// <summary>Of two newcomers, the one with fewer instructions first.</summary>
    InstructionCount,

    /// <summary>Program tag, by bytes.</summary>
    Tag,

    /// <summary>Who was loaded earlier first.</summary>
    LoadTime,
}

/// <summary>The order of components in a chain, the same for every implementation of the protocol.</summary>
/// <remarks>Priority; name by bytes; in the chain before newcomers; two newcomers by instruction count; tag by bytes; load time.</remarks>
public sealed class SlotOrder : IComparer<SlotOrderKey>
{
    private SlotOrder()
    {
    }

    /// <summary>The one order.</summary>
    public static SlotOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(SlotOrderKey x, SlotOrderKey y)
    {
        foreach (var rule in Rules)
        {
            if (Compare(rule, x, y) is var order and not 0)
                return order;
        }

        return 0;
    }

    /// <summary>The rule by which one component comes before another. Null: none tells them apart in this order, so they stand as they stood.</summary>
    /// <param name="earlier">The one that comes first.</param>
    /// <param name="later">The one that comes after it.</param>
    public static SlotOrderRule? Decide(SlotOrderKey earlier, SlotOrderKey later)
    {
        foreach (var rule in Rules)
        {
            if (Compare(rule, earlier, later) is var order and not 0)
                return order < 0 ? rule : null;
        }

        return null;
    }

    private static ReadOnlySpan<SlotOrderRule> Rules =>
    [
        SlotOrderRule.Priority, SlotOrderRule.Name, SlotOrderRule.InChain,
        SlotOrderRule.InstructionCount, SlotOrderRule.Tag, SlotOrderRule.LoadTime,
    ];

    private static int Compare(SlotOrderRule rule, SlotOrderKey x, SlotOrderKey y) => rule switch
    {
        SlotOrderRule.Priority => x.Priority.CompareTo(y.Priority),
        SlotOrderRule.Name => string.CompareOrdinal(x.Name, y.Name),
        SlotOrderRule.InChain => y.IsInChain.CompareTo(x.IsInChain),
        SlotOrderRule.InstructionCount => x.IsInChain ? 0 : x.InstructionCount.CompareTo(y.InstructionCount),
        SlotOrderRule.Tag => x.Tag.CompareTo(y.Tag),
        _ => x.LoadTimeNs.CompareTo(y.LoadTimeNs),
    };
}
