using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>An exclusive flock on a directory; disposing it, or the end of the process, lets go.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly OwnedFd _fd;

    /// <summary>A lock that was taken by this fd.</summary>
    public DirectoryLock(OwnedFd fd) => _fd = fd;

    /// <summary>Takes the lock if nobody has it. Null: somebody has.</summary>
    /// <param name="directory">Open directory; owned from here on.</param>
    /// <param name="path">For errors.</param>
    /// <remarks>
    /// The kernel gives a free lock to who asks first, which is who is running already, and not to who waited and was woken a moment ago. So
    /// we step aside once: on a busy processor the others would wait for a turn of ours more than once.
    /// </remarks>
    public static DirectoryLock? TryTake(OwnedFd directory, string path)
    {
        Thread.Yield();
        using (var lease = new FdLease(directory))
        {
            if (Libc.Flock(lease.Number, Libc.LockExclusive | Libc.LockNonBlocking) == 0)
                return new DirectoryLock(directory);
        }

        var errno = Marshal.GetLastPInvokeError();
        directory.Dispose();
        return errno == Errno.EAGAIN ? null : throw LinuxBpfFs.Fail("flock", path, errno);
    }

    /// <inheritdoc/>
    /// <remarks>Unlocked by name first: a child that is just being forked holds a copy of the fd, and with it the lock.</remarks>
    public void Dispose()
    {
        if (_fd.IsClosed)
            return;
        using (var lease = new FdLease(_fd))
            _ = Libc.Flock(lease.Number, Libc.Unlock);
        _fd.Dispose();
    }
}
