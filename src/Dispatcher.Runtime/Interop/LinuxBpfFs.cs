using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Pins, their directories and the lock on the running kernel.</summary>
internal sealed unsafe class LinuxBpfFs : IBpfFs
{
    private const ulong BpfFsMagic = 0xcafe4a11;
    private const int StatFsRoomBytes = 256;
    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = false, AttributesToSkip = 0 };
    private const uint OwnerOnly = 0x1c0;
    private const string NoDots = "The parent folder exists only on a BPF file system, and names there have no dots; is one mounted (mount -t bpf bpf /sys/fs/bpf)?";

    /// <inheritdoc/>
    public bool IsBpfFs(string path)
    {
        var result = stackalloc byte[StatFsRoomBytes];
        if (Libc.StatFs(path, result) == 0)
            return (uint)*(nuint*)result == BpfFsMagic;
        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOENT or Errno.ENOTDIR ? false : throw Fail("statfs", path, errno);
    }

    /// <inheritdoc/>
    public bool IsPrivate(string path) => MountNamespace.IsPrivate(path);

    /// <inheritdoc/>
    public void Mount(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The runtime keeps the errno there.
            throw Fail("mkdir", path, (e as IOException ?? e.InnerException as IOException)?.HResult is > 0 and < 4096 and var known ? known : Errno.EACCES, "A folder is needed to mount one on.");
        }

        if (Libc.Mount("bpf", path, "bpf", 0, "mode=0700") == 0)
            return;
        var errno = Marshal.GetLastPInvokeError();
        throw errno == Errno.ENODEV
            ? new UnsupportedKernelException("BPF file systems", "4.4", errno)
            : Fail("mount bpf", path, errno, "Mounting needs CAP_SYS_ADMIN; an administrator can do it once: mount -t bpf bpf " + Printable.Escape(path));
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Mounts()
    {
        const string table = "/proc/self/mountinfo";
        try
        {
            return [.. MountTable.Read(File.ReadLines(table)).Where(mount => mount.FileSystem == "bpf").Select(mount => mount.Point)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail("read", table, Errno.EACCES, e.Message);
        }
    }

    /// <inheritdoc/>
    public bool MakeDirectory(string path)
    {
        if (Libc.MakeDirectory(path, OwnerOnly) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno switch
        {
            Errno.EEXIST => false,
            Errno.ENOENT or Errno.ENOTDIR or Errno.EPERM => throw Fail("mkdir", path, errno, NoDots),
            // Who may not look into the folder above does not learn whether it is there.
            Errno.EACCES => throw Fail("reach", path, errno),
            _ => throw Fail("mkdir", path, errno),
        };
    }

    /// <inheritdoc/>
    public bool RemoveDirectory(string path)
    {
        if (Libc.RemoveDirectory(path) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOENT or Errno.ENOTEMPTY ? false : throw Fail("rmdir", path, errno);
    }

    /// <inheritdoc/>
    /// <remarks>In ordinal order, so that two readings of the same folder are equal.</remarks>
    public ImmutableArray<string>? List(string path, string prefix = "")
    {
        try
        {
            var names = new FileSystemEnumerable<string>(path, (ref entry) => entry.FileName.ToString(), Everything)
            {
                ShouldIncludePredicate = (ref entry) => entry.FileName.StartsWith(prefix),
            };
            return [.. names.Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw Fail("readdir", path, Errno.EACCES);
        }
        catch (IOException e)
        {
            throw Fail("readdir", path, Errno.ENOTDIR, e.Message);
        }
    }

    /// <inheritdoc/>
    public TimeSpan? Age(string path)
    {
        if (FileIdentity.Read(path) is not { } file)
            return null;
        var age = DateTimeOffset.UtcNow - file.Modified;
        return age < TimeSpan.Zero ? TimeSpan.Zero : age;
    }

    /// <inheritdoc/>
    public bool Pin(ProgramFd program, string path) => PinObject(program, path);

    /// <inheritdoc/>
    public bool Pin(LinkFd link, string path) => PinObject(link, path);

    /// <inheritdoc/>
    public ProgramFd? OpenProgram(string path) => OpenPin(path, "program", ObjectKind.IsProgram) is { } fd ? new ProgramFd(fd) : null;

    /// <inheritdoc/>
    public LinkFd? OpenLink(string path) => OpenPin(path, "link", ObjectKind.IsLink) is { } fd ? new LinkFd(fd) : null;

    /// <inheritdoc/>
    public bool Unpin(string path)
    {
        if (Libc.Unlink(path) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOENT ? false : throw Fail("unlink", path, errno);
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => DirectoryLock.TryTake(OpenForLocking(path), path);

    /// <inheritdoc/>
    public IDisposable? WaitForLock(string path, TimeSpan longest, CancellationToken cancellationToken) =>
        LockWaiter.Wait(OpenForLocking(path), path, longest, cancellationToken);

    /// <inheritdoc/>
    public int? FindLockHolder(string path) =>
        FileIdentity.Read(path) is { } file ? LockTable.FindFlockHolder(LockTable.ReadLines(), file) : null;

    /// <summary>An error about a path; its text makes control characters visible.</summary>
    internal static KernelException Fail(string operation, string path, int errno, string? advice = null) => new(
        $"{operation} {Printable.Escape(path)}",
        errno,
        null,
        advice ?? errno switch
        {
            Errno.EPERM or Errno.EACCES => $"This folder belongs to root. {BpfErrors.Permission(Capabilities.Needed.AsSpan())}",
            Errno.ENOENT => "There is no such path; is a BPF file system mounted there (mount -t bpf bpf /sys/fs/bpf)?",
            Errno.EROFS => "The BPF file system is mounted read-only; make it writable: mount -o remount,rw /sys/fs/bpf (or where it is mounted).",
            _ => null,
        });

    private static OwnedFd OpenForLocking(string path)
    {
        var fd = Libc.Open(path, Libc.OpenDirectory);
        return fd.IsInvalid ? throw Fail("open for locking", path, Marshal.GetLastPInvokeError()) : fd.AboveStandardStreams();
    }

    private static bool PinObject(KernelFd kernelObject, string path)
    {
        using var lease = new FdLease(kernelObject.Handle);
        int errno;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var attr = new ObjectPathAttr { Pathname = (ulong)bytes, BpfFd = (uint)lease.Number };
            errno = BpfSyscall.Invoke(BpfCommand.ObjectPin, ref attr);
        }

        return errno switch
        {
            0 => true,
            Errno.EEXIST => false,
            Errno.ENOENT or Errno.EPERM => throw Fail("BPF_OBJ_PIN", path, errno, NoDots),
            _ => throw Fail("BPF_OBJ_PIN", path, errno),
        };
    }

    private static OwnedFd? OpenPin(string path, string what, Func<OwnedFd, bool> isWhatItShould)
    {
        OwnedFd fd;
        int errno;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var attr = new ObjectPathAttr { Pathname = (ulong)bytes };
            fd = BpfSyscall.Open(BpfCommand.ObjectGet, ref attr, out errno);
        }

        if (errno is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        if (errno != 0)
            throw Fail("BPF_OBJ_GET", path, errno);
        if (isWhatItShould(fd))
            return fd;
        var kind = ObjectKind.NameOf(fd);
        fd.Dispose();
        throw Fail("BPF_OBJ_GET", path, Errno.EINVAL, $"This pin holds {(kind is null ? "something else" : $"a {kind}")}, not a {what}.");
    }
}
