using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>Who opens the folder of the lock, as everybody does who takes it: fanotify, which names the process.</summary>
/// <remarks>Needs CAP_SYS_ADMIN and CONFIG_FANOTIFY. Kernel: fanotify, 2.6.37.</remarks>
internal sealed unsafe class LockOpenings : IDisposable
{
    private const uint CloseOnExecAndNonBlocking = 3;
    private const uint OpenedReadOnly = 0x80000;
    private const uint AddMark = 1;
    private const ulong OpeningsOfFolders = 0x20 | 0x4000_0000 | 0x0800_0000;
    private const int CurrentDirectory = -100;
    private const int BufferBytes = 4096;
    private const int ListenerStackBytes = 256 * 1024;

    // Who opened it longer ago has given up waiting for the lock.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(35);

    // Who looks for leftovers does it right after the change.
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    private readonly OwnedFd _events;
    private readonly OwnedFd _end;
    private readonly string _folder;
    private readonly Thread _listener;
    private readonly Lock _guard = new();
    private readonly List<Opener> _openers = [];

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
        if (Libc.FanotifyMark(fd, AddMark, OpeningsOfFolders, CurrentDirectory, Path.GetDirectoryName(folder) ?? "/") == 0)
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
    /// That is who has opened it since then, and who opened it before and is still there: it may have waited for the lock. Who may have made a change
    /// before, opened it again after that, to look for leftovers, and has ended did not make one that has just been told.
    /// </remarks>
    /// <param name="isFresh">Whether it is about a change that has just been told.</param>
    public HolderProcess? Take(bool isFresh)
    {
        using var scope = _guard.EnterScope();
        Read();
        _openers.RemoveAll(opener => (opener.WasAskedFor || (isFresh && opener.IsAgain))
            && (Stopwatch.GetElapsedTime(opener.At) > Longest || LinuxHostView.CommandOf(opener.Process.Id) != opener.Process.Command));
        var candidate = _openers is [var only] ? only.Process : null;
        _openers.ForEach(opener => opener.WasAskedFor = true);
        return candidate;
    }

    /// <summary>Forgets that this process opened it.</summary>
    /// <param name="since">By the stopwatch: what it did before counts.</param>
    public void ForgetOwn(long since)
    {
        using var scope = _guard.EnterScope();
        Read();
        _openers.RemoveAll(opener => opener.Process.Id == Environment.ProcessId && opener.At >= since);
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

    // Takes down who has opened it since the last time.
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

    private void TakeDown(FanotifyEvent opened)
    {
        if (opened.Fd < 0)
            return;
        using var file = new OwnedFd(opened.Fd);
        if (opened.ProcessId <= 0 || FileIdentity.Read(file) is not { } there || FileIdentity.Read(_folder, out _) is not { } folder || !there.IsSameFile(folder))
            return;
        // One for each process. Its last opening may have been seen when it had ended, and had no name any more.
        var before = _openers.Find(opener => opener.Process.Id == opened.ProcessId);
        var command = LinuxHostView.CommandOf(opened.ProcessId) ?? before?.Process.Command ?? "";
        if (before is not null)
            _openers.Remove(before);
        _openers.Add(new Opener(new HolderProcess(opened.ProcessId, command), Stopwatch.GetTimestamp(), before is { WasAskedFor: true } or { IsAgain: true } && Stopwatch.GetElapsedTime(before.At) < Afterwards));
    }

    private sealed class Opener(HolderProcess process, long at, bool isAgain)
    {
        public HolderProcess Process => process;

        public long At => at;

        /// <summary>It had opened the folder just before, and somebody asked after that.</summary>
        public bool IsAgain => isAgain;

        public bool WasAskedFor { get; set; }
    }

    /// <summary>fanotify_event_metadata.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct FanotifyEvent(uint Length, byte Version, byte Reserved, ushort HeadLength, ulong Mask, int Fd, int ProcessId);
}
