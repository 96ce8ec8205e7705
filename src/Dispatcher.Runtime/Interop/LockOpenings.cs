using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>Who has the folder of the lock open, as everybody has who takes it: fanotify, which names the process.</summary>
/// <remarks>
/// Who changes a chain has it open from before the change until after it, or until just before it (libxdp). Who lists what is in it, as another watch may,
/// does not do that to take the lock.
/// Needs CAP_SYS_ADMIN and CONFIG_FANOTIFY. Kernel: fanotify, 2.6.37.
/// </remarks>
internal sealed unsafe class LockOpenings : IDisposable
{
    private const uint CloseOnExecAndNonBlocking = 3;
    private const uint OpenedReadOnly = 0x80000;
    private const uint AddMark = 1;
    private const ulong Opening = 0x20;
    private const ulong Closing = 0x10;
    private const ulong Listing = 0x1;
    private const ulong Overflow = 0x4000;
    private const ulong OfFoldersInIt = 0x4000_0000 | 0x0800_0000;
    private const int CurrentDirectory = -100;
    private const int BufferBytes = 4096;
    private const int ListenerStackBytes = 256 * 1024;

    // Who opened it longer ago has given up waiting for the lock.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(35);

    // From a change until whoever waits for the word of it runs, on a machine that is busy.
    private static readonly TimeSpan LongestWord = TimeSpan.FromMilliseconds(300);

    // Who looks for leftovers does it right after the change, and is done soon.
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortLook = TimeSpan.FromMilliseconds(100);

    private readonly OwnedFd _events;
    private readonly OwnedFd _end;
    private readonly string _folder;
    private readonly Thread _listener;
    private readonly Lock _guard = new();
    private readonly List<FolderOpening> _openings = [];
    private long _askedAt = Stopwatch.GetTimestamp();

    private LockOpenings(OwnedFd events, OwnedFd end, string folder)
    {
        (_events, _end, _folder) = (events, end, folder);
        _listener = new Thread(Listen, ListenerStackBytes) { IsBackground = true, Name = "xdp lock openers" };
        _listener.Start();
    }

    /// <summary>Starts to listen. Null: this process may not, or the kernel cannot.</summary>
    /// <param name="folder">Folder of the lock; it need not be there yet, but the one that it is in.</param>
    public static LockOpenings? TryOpen(string folder)
    {
        var fd = Libc.FanotifyInit(CloseOnExecAndNonBlocking, OpenedReadOnly);
        if (fd.IsInvalid)
            return null;
        fd = fd.AboveStandardStreams();
        if (Mark(fd, folder))
        {
            var end = Libc.EventFd(0, Libc.EventFdFlags);
            if (!end.IsInvalid)
                return new LockOpenings(fd, end.AboveStandardStreams(), folder);
        }

        fd.Dispose();
        return null;
    }

    /// <summary>Whether every change so far has been told and asked about. Asked on a thread of this, when somebody opens the folder: who has ended by then is done.</summary>
    public Func<bool>? IsQuiet { private get; set; }

    /// <summary>Listens where the folder is now: what was marked goes with the file system that it was on.</summary>
    public void Follow() => _ = Mark(_events, _folder);

    /// <summary>The only process that may have changed something since this was asked last. Null: none, or several.</summary>
    /// <remarks>
    /// That is who has had it open since then; of a change that has just been told, who has it open or has closed it just now. Who may have made the
    /// change before counts for other interfaces that it changed before it closed it, and not when it opens it after that, to look for leftovers.
    /// </remarks>
    /// <param name="isFresh">Whether it is about a change that has just been told.</param>
    public HolderProcess? Take(bool isFresh)
    {
        using var scope = _guard.EnterScope();
        Read();
        _openings.RemoveAll(opening => opening.IsLook);
        SeeWhoClosed();
        _openings.RemoveAll(opening => opening.ClosedAt is { } closedAt
            ? closedAt < _askedAt || (isFresh && IsDone(opening, Stopwatch.GetElapsedTime(closedAt)))
            : Stopwatch.GetElapsedTime(opening.At) > LongestWait);
        _askedAt = Stopwatch.GetTimestamp();
        _openings.ForEach(opening => opening.WasAskedFor = true);
        return _openings.DistinctBy(opening => opening.Process.Id).ToList() is [var only] ? only.Process : null;
    }

    /// <summary>Forgets that this process opened it.</summary>
    /// <param name="since">By the stopwatch: what it did before counts.</param>
    public void ForgetOwn(long since)
    {
        using var scope = _guard.EnterScope();
        Read();
        _openings.RemoveAll(opening => opening.Process.Id == Environment.ProcessId && opening.At >= since);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var one = 1ul;
        _ = Libc.Write(_end, &one, sizeof(ulong));
        _listener.Join();
        _events.Dispose();
        _end.Dispose();
    }

    // On a thread of its own: a process has no name any more once it has ended, and who watches is busy reading chains.
    private void Listen()
    {
        using var events = new FdLease(_events);
        using var end = new FdLease(_end);
        var fds = stackalloc PolledFd[2];
        fds[0] = new PolledFd { Fd = events.Number, Events = Libc.PollIn };
        fds[1] = new PolledFd { Fd = end.Number, Events = Libc.PollIn };
        while (Libc.Poll(fds, 2, -1) >= 0 || Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
            if (fds[1].Returned != 0 || (fds[0].Returned & ~Libc.PollIn) != 0)
                return;
            lock (_guard)
                Read();
        }
    }

    // Takes down who has opened and closed it since the last time.
    private void Read()
    {
        var buffer = stackalloc byte[BufferBytes];
        nint length;
        while ((length = Libc.Read(_events, buffer, BufferBytes)) > 0)
        {
            for (nint at = 0; at + sizeof(FanotifyEvent) <= length;)
            {
                var opened = *(FanotifyEvent*)(buffer + at);
                at += (nint)opened.Length;
                TakeDown(opened);
            }
        }
    }

    private void TakeDown(FanotifyEvent seen)
    {
        // What was lost may have been closings.
        if ((seen.Mask & Overflow) != 0)
            _openings.Clear();
        if (seen.Fd < 0)
            return;
        using var file = new OwnedFd(seen.Fd);
        if (seen.ProcessId <= 0 || FileIdentity.Read(file) is not { } there || FileIdentity.Read(_folder, out _) is not { } folder || !there.IsSameFile(folder))
            return;
        if ((seen.Mask & Opening) != 0)
            TakeDownOpening(seen.ProcessId);
        // Who lists it while the lock is his is at the lock.
        if ((seen.Mask & Listing) != 0 && LastOf(seen.ProcessId) is { } listed && !LockTable.HasFlock(LockTable.ReadLines(), folder, seen.ProcessId))
            listed.IsLook = true;
        if ((seen.Mask & Closing) != 0)
            _openings.FindAll(opening => opening.Process.Id == seen.ProcessId).ForEach(opening => opening.LastClosing = Stopwatch.GetTimestamp());
    }

    private static bool Mark(OwnedFd events, string folder) =>
        Libc.FanotifyMark(events, AddMark, Opening | Listing | Closing | OfFoldersInIt, CurrentDirectory, Path.GetDirectoryName(folder) ?? "/") == 0;

    private FolderOpening? LastOf(int process) => _openings.FindLast(opening => opening.Process.Id == process);

    // The last opening of a process may be seen when it has ended, and has no name any more.
    private void TakeDownOpening(int process)
    {
        var before = LastOf(process);
        var command = LinuxHostView.CommandOf(process) ?? before?.Process.Command ?? "";
        var isAgain = before is { WasAskedFor: true } or { IsAgain: true } && Stopwatch.GetElapsedTime(before.At) < Afterwards;
        if (IsQuiet?.Invoke() == true)
            _openings.RemoveAll(opening => opening.Process.Id != process && HasEnded(opening));
        _openings.Add(new FolderOpening(new HolderProcess(process, command), Stopwatch.GetTimestamp(), isAgain));
    }

    // A process may have opened it several times, and one word may stand for several openings and closings: who is at the lock has not closed it.
    private void SeeWhoClosed()
    {
        var folder = FileIdentity.Read(_folder, out _);
        string[]? locks = null;
        foreach (var opening in _openings.Where(opening => opening.ClosedAt is null))
        {
            if (HasEnded(opening))
                opening.ClosedAt = opening.LastClosing ?? Stopwatch.GetTimestamp();
            else if (opening.LastClosing is not null && (folder is null || !LockTable.HasFlock(locks ??= LockTable.ReadLines(), folder.Value, opening.Process.Id)))
                opening.ClosedAt = opening.LastClosing;
        }
    }

    // Whether a change that has just been told cannot be of that opening, which ended so long ago.
    private static bool IsDone(FolderOpening opening, TimeSpan sinceClosed) =>
        sinceClosed > (opening.WasAskedFor || opening.IsAgain ? ShortLook : LongestWord) || (opening.IsAgain && HasEnded(opening));

    private static bool HasEnded(FolderOpening opening) => LinuxHostView.CommandOf(opening.Process.Id) != opening.Process.Command;

    /// <summary>fanotify_event_metadata.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct FanotifyEvent(uint Length, byte Version, byte Reserved, ushort HeadLength, ulong Mask, int Fd, int ProcessId);
}
