using System.Globalization;

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

    /// <summary>What to do when it may be this limit that an EPERM comes from. Null: it is not.</summary>
    public static string? Advice() => Applies ? AdviceFor(Current(), mayRaise: Capabilities.Missing("CAP_SYS_RESOURCE") is []) : null;

    /// <summary>The same, of a kernel that has it.</summary>
    /// <param name="limit">The soft limit in bytes; null: not known.</param>
    /// <param name="mayRaise">This process raises it by itself.</param>
    internal static string? AdviceFor(ulong? limit, bool mayRaise) => mayRaise || limit is null or ulong.MaxValue
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"Kernels before 5.11 charge BPF to RLIMIT_MEMLOCK, which is {limit / 1024} KiB for this process: run it with 'ulimit -l unlimited', or LimitMEMLOCK=infinity in its service.");

    private static bool Raise()
    {
        var unlimited = new ResourceLimit { Current = ulong.MaxValue, Maximum = ulong.MaxValue };
        return Libc.SetResourceLimit(Libc.ResourceMemLock, &unlimited) == 0;
    }
}
