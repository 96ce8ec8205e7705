using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>The C library calls of this folder, as they are. Each sets the last P/Invoke error.</summary>
/// <remarks>Also where nobody reads it: without, the generator emits a bare DllImport, which the fence against native calls refuses.</remarks>
internal static unsafe partial class Libc
{
    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;
    internal const int Unlock = 8;
    internal const int CloneNewNet = 0x40000000;
    internal const int CloneNewNs = 0x00020000;
    internal const int CompareFiles = 2;
    internal const int ResourceMemLock = 8;
    internal const int ProtectRead = 1;
    internal const int ProtectWrite = 2;
    internal const int MapShared = 1;
    internal const short PollIn = 1;

    /// <summary>EFD_CLOEXEC | EFD_NONBLOCK.</summary>
    internal const int EventFdFlags = 0x80800;

    /// <summary>As glibc calls it, and musl takes it for itself; by a shorter name the runtime looks for it in some fifty places.</summary>
    private const string Library = "libc.so.6";
    private const int DuplicateFdCloseOnExec = 1030;

    /// <summary>O_RDONLY | O_CLOEXEC.</summary>
    internal const int OpenReadOnly = 0x80000;

    /// <summary>O_RDONLY | O_DIRECTORY | O_CLOEXEC; the second differs between architectures.</summary>
    internal static int OpenDirectory { get; } = 0x80000 |
        (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Ppc64le ? 0x4000 : 0x10000);

    internal static OwnedFd Duplicate(SafeHandle fd, int atLeast)
    {
        using var lease = new FdLease(fd);
        return FcntlToFd(lease.Number, DuplicateFdCloseOnExec, atLeast);
    }

    internal static OwnedFd Duplicate(int fd, int atLeast) => FcntlToFd(fd, DuplicateFdCloseOnExec, atLeast);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Syscall(nint number, nint command, void* attr, nint sizeBytes);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial OwnedFd SyscallToFd(nint number, nint command, void* attr, nint sizeBytes);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial OwnedFd Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(int fd, int operation);

    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatFs(string path, void* result);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Statx(int directory, string path, int flags, uint mask, StatxResult* result);

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MakeDirectory(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int RemoveDirectory(string path);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Mount(string source, string target, string fileSystem, nuint flags, string data);

    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    internal static partial int Unshare(int flags);

    [LibraryImport(Library, EntryPoint = "setns", SetLastError = true)]
    internal static partial int SetNamespace(OwnedFd fd, int kind);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(OwnedFd fd, nuint request);

    [LibraryImport(Library, EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ReadLink(string path, byte* target, nuint sizeBytes);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial int CompareProcesses(nint number, nint first, nint second, nint what, nuint firstIndex, nuint secondIndex);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetResourceLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    internal static partial int SetResourceLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial OwnedFd Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetSocketOption(OwnedFd socket, int level, int name, void* value, uint sizeBytes);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(OwnedFd socket, void* address, uint sizeBytes);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(OwnedFd socket, void* bytes, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(OwnedFd socket, void* bytes, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PolledFd* fds, nuint count, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial OwnedFd EventFd(uint value, int flags);

    [LibraryImport(Library, EntryPoint = "fanotify_init", SetLastError = true)]
    internal static partial OwnedFd FanotifyInit(uint flags, uint eventFlags);

    [LibraryImport(Library, EntryPoint = "fanotify_mark", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FanotifyMark(OwnedFd fd, uint flags, ulong mask, int directory, string path);

    [LibraryImport(Library, EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial OwnedFd InotifyInit(int flags);

    [LibraryImport(Library, EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int InotifyAdd(OwnedFd fd, string path, uint mask);

    [LibraryImport(Library, EntryPoint = "inotify_rm_watch", SetLastError = true)]
    internal static partial int InotifyRemove(OwnedFd fd, int watch);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(OwnedFd fd, void* bytes, nuint count);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(OwnedFd fd, void* bytes, nuint count);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    internal static partial void* Map(void* address, nuint sizeBytes, int protection, int flags, int fd, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Unmap(void* address, nuint sizeBytes);

    [LibraryImport(Library, EntryPoint = "vsnprintf", SetLastError = true)]
    internal static partial int FormatArguments(byte* buffer, nuint sizeBytes, byte* format, nint arguments);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial OwnedFd FcntlToFd(int fd, int command, int argument);
}

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PolledFd
{
    public int Fd;
    public short Events;
    public short Returned;
}

/// <summary><c>struct rlimit64</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    public ulong Current;
    public ulong Maximum;
}

/// <summary><c>struct statx</c>, the same on every architecture; up to the device numbers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StatxResult
{
    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint LinkCount;
    public uint UserId;
    public uint GroupId;
    public ushort Mode;
    public ushort Padding;
    public ulong Inode;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public fixed ulong AccessBirthChangeTimes[6];
    public long ModifiedSeconds;
    public uint ModifiedNanoseconds;
    public uint ModifiedPadding;
    public uint RdevMajor;
    public uint RdevMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public fixed ulong Spare[14];
}
