using System.Globalization;

namespace Dispatcher.Runtime;

/// <summary>Names of the errno values that this project meets.</summary>
internal static class ErrnoText
{
    /// <summary>For example <c>EPERM (operation not permitted)</c>.</summary>
    public static string Of(int errno) => errno switch
    {
        Errno.EPERM => "EPERM (operation not permitted)",
        Errno.ENOENT => "ENOENT (no such object)",
        Errno.ESRCH => "ESRCH (no such process or function)",
        Errno.E2BIG => "E2BIG (argument or field too large for this kernel)",
        Errno.EBADF => "EBADF (bad file descriptor)",
        Errno.EAGAIN => "EAGAIN (try again)",
        Errno.ENOMEM => "ENOMEM (out of memory)",
        Errno.EACCES => "EACCES (permission denied)",
        Errno.EFAULT => "EFAULT (bad address)",
        Errno.EBUSY => "EBUSY (busy)",
        Errno.EEXIST => "EEXIST (exists already)",
        Errno.ENODEV => "ENODEV (no such device)",
        Errno.ENOTDIR => "ENOTDIR (not a directory)",
        Errno.EINVAL => "EINVAL (invalid argument)",
        Errno.ENOSPC => "ENOSPC (no space left)",
        Errno.EROFS => "EROFS (read-only file system)",
        Errno.ERANGE => "ERANGE (out of range)",
        Errno.ENOSYS => "ENOSYS (no such system call)",
        Errno.ENOTEMPTY => "ENOTEMPTY (directory not empty)",
        Errno.EMSGSIZE => "EMSGSIZE (message too long)",
        Errno.ENOBUFS => "ENOBUFS (no buffer space)",
        Errno.EOPNOTSUPP => "EOPNOTSUPP (not supported)",
        _ => string.Create(CultureInfo.InvariantCulture, $"errno {errno}"),
    };
}

/// <summary>Linux errno values, the same on every architecture .NET runs on.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int E2BIG = 7;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EFAULT = 14;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int ENODEV = 19;
    internal const int ENOTDIR = 20;
    internal const int EINVAL = 22;
    internal const int ENOSPC = 28;
    internal const int EROFS = 30;
    internal const int ERANGE = 34;
    internal const int ENOSYS = 38;
    internal const int ENOTEMPTY = 39;
    internal const int ENOLINK = 67;
    internal const int EMSGSIZE = 90;
    internal const int ENOBUFS = 105;
    internal const int EOPNOTSUPP = 95;
}
