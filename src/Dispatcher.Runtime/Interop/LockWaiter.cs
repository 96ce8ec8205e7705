using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>A thread that waits for a lock in the kernel's queue, which serves in the order of arrival.</summary>
/// <remarks>
/// flock(2) cannot be told how long to wait, and a library must not use up a signal to interrupt it. So a wait that is
/// given up goes on in its thread: the next wait for the same directory takes it over, and when there is none the lock
/// is let go the moment it comes. A process has as many of these threads as it ever waited at once.
/// </remarks>
internal sealed class LockWaiter
{
    private const int StackBytes = 128 * 1024;

    // What a wait of .NET takes; who has longer to wait asks again.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);
    private static readonly List<LockWaiter> GivenUp = [];

    private readonly TaskCompletionSource<int> _errno = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OwnedFd _directory;
    private readonly FileIdentity? _identity;
    private bool _isGivenUp;

    private LockWaiter(OwnedFd directory)
    {
        _directory = directory;
        _identity = FileIdentity.Read(directory);
        new Thread(Run, StackBytes) { IsBackground = true, Name = "waits for the XDP lock" }.Start();
    }

    /// <summary>Takes the lock. Null: the time passed.</summary>
    /// <param name="directory">Open directory; owned from here on.</param>
    /// <param name="path">For errors.</param>
    /// <param name="longest">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait by throwing.</param>
    public static DirectoryLock? Wait(OwnedFd directory, string path, TimeSpan longest, CancellationToken cancellationToken)
    {
        var waiter = TakeOver(directory) ?? new LockWaiter(directory);
        try
        {
            waiter._errno.Task.Wait(longest < Longest ? longest : Longest, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            waiter.GiveUp()?.Dispose();
            throw;
        }

        if (waiter.GiveUp() is not { } taken)
            return null;
        if (waiter._errno.Task.Result is var errno and not 0)
        {
            taken.Dispose();
            throw LinuxBpfFs.Fail("flock", path, errno);
        }

        return taken;
    }

    private static LockWaiter? TakeOver(OwnedFd directory)
    {
        lock (GivenUp)
        {
            if (GivenUp.Count == 0 || FileIdentity.Read(directory) is not { } identity)
                return null;
            if (GivenUp.Find(each => each._identity?.IsSameFile(identity) == true) is not { } waiter)
                return null;
            GivenUp.Remove(waiter);
            waiter._isGivenUp = false;
            directory.Dispose();
            return waiter;
        }
    }

    // What the thread got, or null when it goes on waiting.
    private DirectoryLock? GiveUp()
    {
        lock (GivenUp)
        {
            if (_errno.Task.IsCompleted)
                return new DirectoryLock(_directory);
            _isGivenUp = true;
            GivenUp.Add(this);
            return null;
        }
    }

    private void Run()
    {
        var errno = TakeInKernel();
        lock (GivenUp)
        {
            if (_isGivenUp)
            {
                GivenUp.Remove(this);
                new DirectoryLock(_directory).Dispose();
                return;
            }

            _errno.SetResult(errno);
        }
    }

    private int TakeInKernel()
    {
        using var lease = new FdLease(_directory);
        while (Libc.Flock(lease.Number, Libc.LockExclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not Errno.EINTR and var errno)
                return errno;
        }

        return 0;
    }
}
