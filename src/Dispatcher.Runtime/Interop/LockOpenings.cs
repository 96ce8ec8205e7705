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

    // Who opened it longer ago has given up waiting for the lock.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(35);

    private readonly string _folder;
    private readonly List<Opener> _openers = [];

    private LockOpenings(OwnedFd fd, string folder)
    {
        Fd = fd;
        _folder = folder;
    }

    /// <summary>Becomes readable when a folder is opened.</summary>
    public OwnedFd Fd { get; }

    /// <summary>Starts to listen. Null: this process may not, or the kernel cannot.</summary>
    /// <param name="folder">Folder of the lock; it need not be there yet, but the one that it is in.</param>
    public static LockOpenings? TryOpen(string folder)
    {
        var fd = Libc.FanotifyInit(CloseOnExecAndNonBlocking, OpenedReadOnly);
        if (fd.IsInvalid)
            return null;
        fd = fd.AboveStandardStreams();
        if (Libc.FanotifyMark(fd, AddMark, OpeningsOfFolders, CurrentDirectory, Path.GetDirectoryName(folder) ?? "/") == 0)
            return new LockOpenings(fd, folder);
        fd.Dispose();
        return null;
    }

    /// <summary>Takes down who has opened it since the last time. To be called at once: what has ended has no name any more.</summary>
    public void Read()
    {
        var buffer = stackalloc byte[BufferBytes];
        nint length;
        while ((length = Libc.Read(Fd, buffer, BufferBytes)) > 0)
        {
            for (nint at = 0; at + sizeof(FanotifyEvent) <= length;)
            {
                var opened = *(FanotifyEvent*)(buffer + at);
                at += (nint)opened.Length;
                TakeDown(opened);
            }
        }
    }

    /// <summary>The only process that may have changed something since this was asked last. Null: none, or several.</summary>
    /// <remarks>That is who has opened it since then, and who opened it before and is still there: it may have waited for the lock.</remarks>
    public HolderProcess? Take()
    {
        Read();
        _openers.RemoveAll(opener => opener.WasAskedFor && (Stopwatch.GetElapsedTime(opener.At) > Longest || LinuxHostView.CommandOf(opener.Process.Id) != opener.Process.Command));
        var candidates = _openers.Select(opener => opener.Process).Distinct().ToList();
        _openers.ForEach(opener => opener.WasAskedFor = true);
        return candidates is [var only] ? only : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();

    private void TakeDown(FanotifyEvent opened)
    {
        if (opened.Fd < 0)
            return;
        using var file = new OwnedFd(opened.Fd);
        if (opened.ProcessId <= 0 || FileIdentity.Read(file) is not { } there || FileIdentity.Read(_folder, out _) is not { } folder || !there.IsSameFile(folder))
            return;
        if (LinuxHostView.CommandOf(opened.ProcessId) is { } command)
            _openers.Add(new Opener(new HolderProcess(opened.ProcessId, command), Stopwatch.GetTimestamp()));
    }

    private sealed class Opener(HolderProcess process, long at)
    {
        public HolderProcess Process => process;

        public long At => at;

        public bool WasAskedFor { get; set; }
    }

    /// <summary>fanotify_event_metadata.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct FanotifyEvent(uint Length, byte Version, byte Reserved, ushort HeadLength, ulong Mask, int Fd, int ProcessId);
}
