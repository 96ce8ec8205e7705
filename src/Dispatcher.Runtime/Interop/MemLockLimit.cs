namespace Dispatcher.Runtime.Interop;

/// <summary>Kernels before 5.11 charge maps and programs to RLIMIT_MEMLOCK and answer EPERM when it is used up.</summary>
internal static unsafe class MemLockLimit
{
    private static readonly Version FirstWithoutLimit = new(5, 11);
    private static readonly Lazy<bool> Raised = new(Raise);

    /// <summary>Whether this kernel accounts BPF memory to the limit.</summary>
    public static bool Applies => Environment.OSVersion.Version < FirstWithoutLimit;

    /// <summary>Makes a call; on EPERM of an old kernel raises the limit, once per process, and makes it again.</summary>
    public static OwnedFd WithRaisedLimit<T>(ref T attr, BpfCommand command, out int errno)
        where T : unmanaged
    {
        var fd = BpfSyscall.Open(command, ref attr, out errno);
        if (errno != Errno.EPERM || !Applies || !Raised.Value)
            return fd;
        fd.Dispose();
        return BpfSyscall.Open(command, ref attr, out errno);
    }

    /// <summary>The soft limit in bytes, or null when it cannot be read.</summary>
    public static ulong? Current()
    {
        var limit = default(ResourceLimit);
        return Libc.GetResourceLimit(Libc.ResourceMemLock, &limit) == 0 ? limit.Current : null;
    }

    private static bool Raise()
    {
        var unlimited = new ResourceLimit { Current = ulong.MaxValue, Maximum = ulong.MaxValue };
        return Libc.SetResourceLimit(Libc.ResourceMemLock, &unlimited) == 0;
    }
}
