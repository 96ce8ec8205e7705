using System.Runtime.InteropServices;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>Processor time of the processes that this one started and that have ended: getrusage.</summary>
internal static partial class ChildTime
{
    private const int Children = -1;
    private const int RoomLongs = 18;

    /// <summary>Of all of them, in user space and in the kernel.</summary>
    public static unsafe TimeSpan OfAll()
    {
        var usage = stackalloc long[RoomLongs];
        return GetResourceUsage(Children, usage) == 0
            ? TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3])
            : throw new IOException($"getrusage: errno {Marshal.GetLastPInvokeError()}");
    }

    // struct rusage begins with user and system time, each seconds and microseconds.
    [LibraryImport("libc.so.6", EntryPoint = "getrusage", SetLastError = true)]
    private static unsafe partial int GetResourceUsage(int who, long* usage);
}
