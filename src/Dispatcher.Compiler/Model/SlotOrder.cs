namespace Dispatcher.Compiler.Model;

/// <summary>What decides where a component stands in the chain.</summary>
/// <param name="Priority">Run priority; lower runs earlier.</param>
/// <param name="Name">Full function name.</param>
/// <param name="IsInChain">It ran in the chain already when the change began.</param>
/// <param name="InstructionCount">Instructions before translation; decides between two newcomers.</param>
/// <param name="Tag">The kernel's 8-byte program tag.</param>
/// <param name="LoadTimeNs">Load time in nanoseconds since boot.</param>
public readonly record struct SlotOrderKey(uint Priority, string Name, bool IsInChain, int InstructionCount, ulong Tag, ulong LoadTimeNs);

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
        var order = x.Priority.CompareTo(y.Priority);
        if (order == 0)
            order = string.CompareOrdinal(x.Name, y.Name);
        if (order == 0)
            order = y.IsInChain.CompareTo(x.IsInChain);
        if (order == 0 && !x.IsInChain)
            order = x.InstructionCount.CompareTo(y.InstructionCount);
        if (order == 0)
            order = x.Tag.CompareTo(y.Tag);
        return order != 0 ? order : x.LoadTimeNs.CompareTo(y.LoadTimeNs);
    }
}
