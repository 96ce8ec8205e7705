using System.Runtime.InteropServices;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>What is removed from folders of pins: inotify, which the BPF file system has as every other.</summary>
internal sealed unsafe class PinRemovals : IDisposable
{
    private const int CloseOnExecAndNonBlocking = 0x80800;
    private const int BufferBytes = 16 * 1024;

    // IN_DELETE, IN_DELETE_SELF, what is renamed away (IN_MOVED_FROM, IN_MOVE_SELF) and IN_ONLYDIR; IN_UNMOUNT comes unasked.
    private const uint Removals = 0x200 | 0x400 | 0x40 | 0x800 | 0x0100_0000;
    private const uint Overflow = 0x4000;
    private const uint Ended = 0x8000;

    private readonly Dictionary<int, int> _followed = [];
    private readonly Dictionary<int, int> _indexes = [];

    private PinRemovals(OwnedFd events) => Events = events;

    /// <summary>Readable when something was removed; stays owned by this.</summary>
    public OwnedFd Events { get; }

    /// <summary>Starts to listen, to no folder yet. Null: this user has as many listeners as the kernel allows (fs.inotify.max_user_instances).</summary>
    public static PinRemovals? TryOpen()
    {
        var fd = Libc.InotifyInit(CloseOnExecAndNonBlocking);
        return fd.IsInvalid ? null : new PinRemovals(fd.AboveStandardStreams());
    }

    /// <inheritdoc cref="IHookSubscription.FollowPins"/>
    public bool Follow(int ifindex, string? folder)
    {
        // The kernel gives the number that it gave before to the folder itself, and another one to a folder that took its place.
        var watch = folder is null ? -1 : Libc.InotifyAdd(Events, folder, Removals);
        if (_followed.TryGetValue(ifindex, out var known))
        {
            if (known == watch)
                return true;
            _followed.Remove(ifindex);
            _indexes.Remove(known);
            _ = Libc.InotifyRemove(Events, known);
        }

        if (watch >= 0)
        {
            _followed[ifindex] = watch;
            _indexes[watch] = ifindex;
        }

        return false;
    }

    /// <inheritdoc cref="IHookSubscription.FollowsPins"/>
    public bool Follows(int ifindex) => _followed.ContainsKey(ifindex);

    /// <summary>Takes what was told since the last time. What is told of a folder that is not followed any more counts for nothing.</summary>
    public void Read(Queue<HookNotice> notices)
    {
        var buffer = stackalloc byte[BufferBytes];
        nint length;
        while ((length = Libc.Read(Events, buffer, BufferBytes)) > 0)
        {
            for (nint at = 0; at + sizeof(InotifyEvent) <= length;)
            {
                var told = *(InotifyEvent*)(buffer + at);
                at += sizeof(InotifyEvent) + (nint)told.NameBytes;
                Take(told, notices);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Events.Dispose();

    private void Take(InotifyEvent told, Queue<HookNotice> notices)
    {
        if ((told.Mask & Overflow) != 0)
            notices.Enqueue(HookNotice.Lost);
        if (!_indexes.TryGetValue(told.Watch, out var ifindex))
            return;
        if ((told.Mask & Ended) != 0)
        {
            _indexes.Remove(told.Watch);
            _followed.Remove(ifindex);
        }

        notices.Enqueue(new HookNotice(HookNoticeKind.PinsRemoved, ifindex));
    }

    /// <summary>inotify_event, before the name.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct InotifyEvent(int Watch, uint Mask, uint Cookie, uint NameBytes);
}
