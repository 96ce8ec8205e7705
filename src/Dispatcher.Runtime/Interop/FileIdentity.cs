using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>What names a file to the kernel, and when it was last changed.</summary>
/// <param name="DeviceMajor">Of the file system.</param>
/// <param name="DeviceMinor">Of the file system.</param>
/// <param name="Inode">Within the file system.</param>
/// <param name="Modified">mtime.</param>
internal readonly unsafe record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode, DateTimeOffset Modified)
{
    private const int CurrentDirectory = -100;
    private const int NoAutomount = 0x800;
    private const int DontSync = 0x4000;
    private const uint BasicStats = 0x7ff;

    /// <summary>Whether both are one file, whenever it was changed.</summary>
    public bool IsSameFile(FileIdentity other) =>
        (DeviceMajor, DeviceMinor, Inode) == (other.DeviceMajor, other.DeviceMinor, other.Inode);

    /// <summary>Reads it. Null: no such path.</summary>
    public static FileIdentity? Read(string path) => Read(path, out var errno) is { } file ? file
        : errno is Errno.ENOENT or Errno.ENOTDIR ? null : throw LinuxBpfFs.Fail("statx", path, errno);

    /// <summary>Reads what the kernel knows of it without asking a server or mounting anything. Null: see the errno.</summary>
    public static FileIdentity? Read(string path, out int errno)
    {
        var stat = default(StatxResult);
        errno = Libc.Statx(CurrentDirectory, path, DontSync | NoAutomount, BasicStats, &stat) == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (errno != 0)
            return null;
        var modified = DateTimeOffset.FromUnixTimeSeconds(stat.ModifiedSeconds).AddTicks(stat.ModifiedNanoseconds / TimeSpan.NanosecondsPerTick);
        return new FileIdentity(stat.DeviceMajor, stat.DeviceMinor, stat.Inode, modified);
    }

    /// <summary>Reads what is open. Null: /proc does not tell.</summary>
    public static FileIdentity? Read(OwnedFd fd)
    {
        using var lease = new FdLease(fd);
        return Read($"/proc/self/fd/{lease.Number}", out _);
    }
}
