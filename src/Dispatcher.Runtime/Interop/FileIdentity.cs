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
    private const uint BasicStats = 0x7ff;
    private const string AnonymousInode = "anon_inode:";

    /// <summary>Reads it. Null: no such path.</summary>
    public static FileIdentity? Read(string path)
    {
        var stat = default(StatxResult);
        if (Libc.Statx(CurrentDirectory, path, 0, BasicStats, &stat) == 0)
        {
            var modified = DateTimeOffset.FromUnixTimeSeconds(stat.ModifiedSeconds).AddTicks(stat.ModifiedNanoseconds / TimeSpan.NanosecondsPerTick);
            return new FileIdentity(stat.DeviceMajor, stat.DeviceMinor, stat.Inode, modified);
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOENT or Errno.ENOTDIR ? null : throw LinuxBpfFs.Fail("statx", path, errno);
    }

    /// <summary>The kind of kernel object behind an fd, for example <c>bpf-prog</c>; null when /proc does not tell.</summary>
    public static string? KindOf(OwnedFd fd)
    {
        using var lease = new FdLease(fd);
        try
        {
            return File.ResolveLinkTarget($"/proc/self/fd/{lease.Number}", returnFinalTarget: false)?.Name is { } name
                ? name.Replace(AnonymousInode, string.Empty, StringComparison.Ordinal).Trim('[', ']')
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
