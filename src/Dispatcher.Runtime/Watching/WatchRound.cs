using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Watching;

/// <summary>What was told since the last time that something was read.</summary>
internal sealed class WatchRound
{
    /// <summary>Interfaces that may have changed.</summary>
    public HashSet<int> Indexes { get; } = [];

    /// <summary>Interfaces that are told to have gone.</summary>
    public HashSet<int> Gone { get; } = [];

    /// <summary>Where interfaces moved, by the index that they had.</summary>
    public Dictionary<int, InterfaceAddress> Moves { get; } = [];

    /// <summary>Interfaces whose pins were removed, some or all.</summary>
    public HashSet<int> PinsRemoved { get; } = [];

    /// <summary>Whether something was told and dropped.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Whether everything is looked at, whatever was told.</summary>
    public bool IsThorough { get; set; }

    /// <summary>All interfaces as they were when the round began. Null: they are read one by one.</summary>
    public Dictionary<int, InterfaceReading>? Readings { get; set; }

    /// <summary>Who held the lock the moment it was told, where it is not known who took it. Null: nobody, or that moment has passed.</summary>
    public HolderProcess? LockHolder { get; set; }

    /// <summary>Notes a notification.</summary>
    public void Add(HookNotice notice)
    {
        if (notice.Kind == HookNoticeKind.Lost)
        {
            HasLost = true;
            return;
        }

        Indexes.Add(notice.Index);
        if (notice.Kind == HookNoticeKind.PinsRemoved)
        {
            PinsRemoved.Add(notice.Index);
            return;
        }

        Moves.Remove(notice.Index);
        if (notice.Kind == HookNoticeKind.Gone)
            Gone.Add(notice.Index);
        if (notice is { Kind: HookNoticeKind.Gone, MovedTo: { } address })
            Moves.Add(notice.Index, address);
    }
}
