using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>Who has the folder of the lock open, as everybody has who takes it: fanotify, which names the process.</summary>
/// <remarks>
/// Who changes a chain has it open from before the change until after it; who only looks into it, as another watch may, has closed it again long before.
/// Needs CAP_SYS_ADMIN and CONFIG_FANOTIFY. Kernel: fanotify, 2.6.37.
/// </remarks>
internal sealed unsafe class LockOpenings : IDisposable
{
    private const uint CloseOnExecAndNonBlocking = 3;
    private const uint OpenedReadOnly = 0x80000;
    private const uint AddMark = 1;
    private const ulong Opening = 0x20;
    private const ulong Closing = 0x10;
    private const ulong Overflow = 0x4000;
    private const ulong OfFoldersInIt = 0x4000_0000 | 0x0800_0000;
    private const int CurrentDirectory = -100;
    private const int BufferBytes = 4096;
    private const int ListenerStackBytes = 256 * 1024;

    // Who opened it longer ago has given up waiting for the lock.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(35);

    // From a change until whoever waits for the word of it runs, on a machine that is busy.
    private static readonly TimeSpan LongestWord = TimeSpan.FromSeconds(1);

    // Who looks for leftovers does it right after the change, and is done soon.
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortLook = TimeSpan.FromMilliseconds(100);

    private readonly OwnedFd _events;
    private readonly OwnedFd _end;
    private readonly string _folder;
    private readonly Thread _listener;
    private readonly Lock _guard = new();
    private readonly List<Opener> _openers = [];
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
        if (Libc.FanotifyMark(fd, AddMark, Opening | Closing | OfFoldersInIt, CurrentDirectory, Path.GetDirectoryName(folder) ?? "/") == 0)
        {
            var end = Libc.EventFd(0, Libc.EventFdFlags);
            if (!end.IsInvalid)
                return new LockOpenings(fd, end.AboveStandardStreams(), folder);
        }

        fd.Dispose();
        return null;
    }

    /// <summary>The only process that may have changed something since this was asked last. Null: none, or several.</summary>
    /// <remarks>
    /// That is who has had it open since then; of a change that has just been told, who has it open or has closed it just now. Who was named already
    /// and opened it again after that, to look for leftovers, is not named a second time for that.
    /// </remarks>
    /// <param name="isFresh">Whether it is about a change that has just been told.</param>
    public HolderProcess? Take(bool isFresh)
    {
        using var scope = _guard.EnterScope();
        Read();
        foreach (var opener in _openers)
        {
            if (opener.ClosedAt is null && HasEnded(opener))
                opener.ClosedAt = Stopwatch.GetTimestamp();
        }

        _openers.RemoveAll(opener => opener.ClosedAt is { } closedAt
            ? closedAt < _askedAt || opener.WasNamed
                || (isFresh && (Stopwatch.GetElapsedTime(closedAt) > LongestWord || (opener.IsAgain && (Stopwatch.GetElapsedTime(closedAt) > ShortLook || HasEnded(opener)))))
            : Stopwatch.GetElapsedTime(opener.OpenedAt) > LongestWait);
        _askedAt = Stopwatch.GetTimestamp();
        _openers.ForEach(opener => opener.WasAskedFor = true);
        if (_openers is not [var only])
            return null;
        only.WasNamed = true;
        return only.Process;
    }

    /// <summary>Forgets that this process opened it.</summary>
    /// <param name="since">By the stopwatch: what it did before counts.</param>
    public void ForgetOwn(long since)
    {
        using var scope = _guard.EnterScope();
        Read();
        _openers.RemoveAll(opener => opener.Process.Id == Environment.ProcessId && opener.OpenedAt >= since);
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
            _openers.Clear();
        if (seen.Fd < 0)
            return;
        using var file = new OwnedFd(seen.Fd);
        if (seen.ProcessId <= 0 || FileIdentity.Read(file) is not { } there || FileIdentity.Read(_folder, out _) is not { } folder || !there.IsSameFile(folder))
            return;
        if ((seen.Mask & Opening) != 0)
            TakeDownOpener(seen.ProcessId);
        // One word may stand for several openings and closings, in any order: whether it is open now is looked up.
        if ((seen.Mask & Closing) != 0 && _openers.Find(opener => opener.Process.Id == seen.ProcessId) is { } closer && !HasOpen(seen.ProcessId, folder))
            closer.ClosedAt = Stopwatch.GetTimestamp();
    }

    // One for each process. Its last opening may have been seen when it had ended, and had no name any more.
    private void TakeDownOpener(int process)
    {
        var before = _openers.Find(opener => opener.Process.Id == process);
        var command = LinuxHostView.CommandOf(process) ?? before?.Process.Command ?? "";
        if (before is not null)
            _openers.Remove(before);
        var isAgain = before is { WasAskedFor: true } or { IsAgain: true } && Stopwatch.GetElapsedTime(before.OpenedAt) < Afterwards;
        _openers.Add(new Opener(new HolderProcess(process, command), Stopwatch.GetTimestamp(), isAgain));
    }

    private static bool HasEnded(Opener opener) => LinuxHostView.CommandOf(opener.Process.Id) != opener.Process.Command;

    private static bool HasOpen(int process, FileIdentity folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(ProcFs.FolderOf(process) + "/fd").Any(fd => FileIdentity.Read(fd, out _) is { } open && open.IsSameFile(folder));
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            // It has ended, or may not be looked into.
            return false;
        }
    }

    private sealed class Opener(HolderProcess process, long openedAt, bool isAgain)
    {
        public HolderProcess Process => process;

        public long OpenedAt => openedAt;

        /// <summary>Null: it has it open.</summary>
        public long? ClosedAt { get; set; }

        /// <summary>It had opened the folder just before, and somebody asked after that.</summary>
        public bool IsAgain => isAgain;

        public bool WasAskedFor { get; set; }

        public bool WasNamed { get; set; }
    }

    /// <summary>fanotify_event_metadata.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct FanotifyEvent(uint Length, byte Version, byte Reserved, ushort HeadLength, ulong Mask, int Fd, int ProcessId);
}
