using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Watching;

/// <summary>Compares two readings of one hook.</summary>
internal static class HookComparison
{
    /// <summary>What happened to the hook between two readings. Null: nothing.</summary>
    public static ChainEventKind? Compare(HookStatus before, HookStatus after)
    {
        if (after.IsEmpty)
            return before.IsEmpty ? null : ChainEventKind.HookEmptied;
        var isSame = before.Attached == after.Attached && before.Mode == after.Mode;
        if (after.Foreign is not null)
            return isSame ? null : ChainEventKind.HookTaken;
        if (after.Broken is { } broken)
        {
            return isSame && before.Broken is { } known && known.MissingBpfFs == broken.MissingBpfFs && known.LostSlots.SequenceEqual(broken.LostSlots)
                ? null
                : ChainEventKind.ChainBroken;
        }

        if (before.Broken is not null)
            return ChainEventKind.ChainMended;
        if (before.Chain is null)
            return ChainEventKind.ChainStarted;
        return isSame ? null : ChainEventKind.ChainChanged;
    }

    /// <summary>Whether the hook holds what was read of it, without a second look at that. A chain may still have lost pins.</summary>
    public static bool IsStill(HookStatus known, InterfaceReading now) => now.Attached is [var attached, ..]
        ? known.Broken is null && attached.ProgramId == known.Attached && attached.Mode == known.Mode
        : known.IsEmpty;
}
