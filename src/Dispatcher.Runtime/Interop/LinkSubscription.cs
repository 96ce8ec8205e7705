using System.Diagnostics;
using System.Runtime.InteropServices;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>A socket that is a member of RTNLGRP_LINK, removals of pins, and an eventfd that ends the wait for them.</summary>
/// <remarks>What waits to be read is kept by the kernel, in a buffer of fixed size; what does not fit is lost, and the kernel says so.</remarks>
internal sealed unsafe class LinkSubscription : IHookSubscription
{
    private const int BufferBytes = 32 * 1024;

    private readonly NetlinkSocket _socket;
    private readonly LockOpenings? _openings;
    private readonly PinRemovals? _removals;
    private readonly OwnedFd _wake;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Queue<HookNotice> _read = new();
    private volatile bool _isWaiting;

    // From when something has been told until it is asked who did it.
    private volatile bool _isTelling;

    /// <param name="socket">Member of the group; owned from here on.</param>
    /// <param name="openings">Who opens the folder of the lock; owned from here on. Null: not seen.</param>
    /// <param name="removals">What is removed from folders of pins; owned from here on. Null: not seen.</param>
    public LinkSubscription(NetlinkSocket socket, LockOpenings? openings, PinRemovals? removals)
    {
        _socket = socket;
        _openings = openings;
        _removals = removals;
        _wake = Libc.EventFd(0, Libc.EventFdFlags);
        if (_wake.IsInvalid)
            throw new KernelException("eventfd", Marshal.GetLastPInvokeError());
        _wake = _wake.AboveStandardStreams();
        if (openings is not null)
            openings.IsQuiet = IsQuiet;
    }

    /// <inheritdoc/>
    public HookNotice? Next(TimeSpan longest, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var registration = cancellationToken.UnsafeRegister(static state => ((LinkSubscription)state!).Wake(), this);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_read.TryDequeue(out var notice) || TryReceive(out notice))
                return Told(notice);
            _removals?.Read(_read);
            if (_read.TryDequeue(out notice))
                return Told(notice);
            var left = longest == Timeout.InfiniteTimeSpan ? longest : longest - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                return null;
            Wait(left);
        }
    }

    /// <inheritdoc/>
    public bool FollowPins(int ifindex, string? folder) => _removals?.Follow(ifindex, folder) == true;

    /// <inheritdoc/>
    public bool FollowsPins(int ifindex) => _removals?.Follows(ifindex) == true;

    /// <inheritdoc/>
    public bool SeesLockOpeners => _openings is not null;

    /// <inheritdoc/>
    public HolderProcess? TakeLockOpener(bool isFresh)
    {
        var opener = _openings?.Take(isFresh);
        _isTelling = false;
        return opener;
    }

    /// <inheritdoc/>
    public IDisposable BeginLooking()
    {
        _openings?.Follow();
        return new Looking(_openings, Stopwatch.GetTimestamp());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _openings?.Dispose();
        _socket.Dispose();
        _removals?.Dispose();
        _wake.Dispose();
    }

    // A datagram may hold nothing that counts.
    private bool TryReceive(out HookNotice notice)
    {
        while (true)
        {
            notice = HookNotice.Lost;
            var length = _socket.TryReceive(_buffer, out var errno);
            if (errno == Errno.EAGAIN)
                return false;
            if (errno == Errno.ENOBUFS || length > _buffer.Length)
                return true;
            LinkNotice.ReadDatagram(_buffer.AsSpan(0, length), _read);
            if (_read.TryDequeue(out notice))
                return true;
        }
    }

    private HookNotice Told(HookNotice notice)
    {
        _isTelling = true;
        return notice;
    }

    // Asked on another thread. What is read while this looks is seen by the second look at the state.
    private bool IsQuiet()
    {
        var fds = stackalloc PolledFd[3];
        return IsIdle() && Poll(fds, 0) == 0 && IsIdle();

        bool IsIdle() => _isWaiting && !_isTelling;
    }

    private void Wait(TimeSpan longest)
    {
        var fds = stackalloc PolledFd[3];
        var timeoutMs = longest == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Min(Math.Ceiling(longest.TotalMilliseconds), int.MaxValue);
        _isWaiting = true;
        var ready = Poll(fds, timeoutMs);
        _isWaiting = false;
        if (ready < 0 && ready != -Errno.EINTR)
            throw new KernelException("poll", -ready);
        ulong count;
        if (fds[1].Returned != 0)
            _ = Libc.Read(_wake, &count, sizeof(ulong));
    }

    // Of the socket, the end of a wait, and removals: how many are ready, or the negative errno.
    private int Poll(PolledFd* fds, int timeoutMs)
    {
        using var socket = _socket.Lease();
        using var wake = new FdLease(_wake);
        using var removals = new FdLease(_removals?.Events, none: -1);
        fds[0] = new PolledFd { Fd = socket.Number, Events = Libc.PollIn };
        fds[1] = new PolledFd { Fd = wake.Number, Events = Libc.PollIn };
        fds[2] = new PolledFd { Fd = removals.Number, Events = Libc.PollIn };
        return Libc.Poll(fds, 3, timeoutMs) is >= 0 and var ready ? ready : -Marshal.GetLastPInvokeError();
    }

    private void Wake()
    {
        var one = 1ul;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    private sealed class Looking(LockOpenings? openings, long since) : IDisposable
    {
        public void Dispose() => openings?.ForgetOwn(since);
    }
}
