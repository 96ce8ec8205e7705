using System.Runtime.InteropServices;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Interop;

/// <summary>What names a network namespace to the kernel.</summary>
/// <param name="DeviceMajor">Of nsfs.</param>
/// <param name="DeviceMinor">Of nsfs.</param>
/// <param name="Inode">Of the namespace.</param>
internal readonly record struct NamespaceIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    /// <summary>From the file that stands for it.</summary>
    public static NamespaceIdentity Of(FileIdentity file) => new(file.DeviceMajor, file.DeviceMinor, file.Inode);
}

/// <summary>A network namespace held open: it goes on existing while this does, also when its name is deleted.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    /// <summary>Where iproute2 keeps names.</summary>
    public const string NamesFolder = "/run/netns";

    private const int MaxNamesListed = 20;

    // NS_GET_NSTYPE.
    private static readonly nuint GetKind = RuntimeInformation.ProcessArchitecture == Architecture.Ppc64le ? 0x2000b703u : 0xb703u;

    // All namespaces are files of one file system.
    private static readonly Lazy<(uint Major, uint Minor)> NamespaceDevice = new(() => (Current.DeviceMajor, Current.DeviceMinor));

    private readonly OwnedFd _fd;

    private NetworkNamespace(OwnedFd fd, NamespaceIdentity identity) => (_fd, Identity) = (fd, identity);

    /// <summary>That of the calling thread.</summary>
    public static NamespaceIdentity Current => NamespaceIdentity.Of(
        FileIdentity.Read("/proc/thread-self/ns/net") ?? throw LinuxBpfFs.Fail("statx", "/proc/thread-self/ns/net", Errno.ENOENT, "Is /proc mounted?"));

    /// <summary>Which one it is.</summary>
    public NamespaceIdentity Identity { get; }

    /// <summary>Opens the namespace that a path leads to. Null: no such path, or it is no network namespace.</summary>
    /// <exception cref="KernelException">EACCES: it belongs to a process that may not be looked into.</exception>
    public static NetworkNamespace? Open(string path)
    {
        // Looked at before it is opened: opening a device or a pipe does something.
        if (FileIdentity.Read(path) is not { } file || !IsNamespace(file))
            return null;
        var fd = Libc.Open(path, Libc.OpenReadOnly);
        if (fd.IsInvalid)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                Errno.ENOENT or Errno.ENOTDIR or Errno.ESRCH => null,
                var errno => throw LinuxBpfFs.Fail("open", path, errno),
            };
        }

        fd = fd.AboveStandardStreams();
        if (FileIdentity.Read(fd) is { } opened && IsNamespace(opened) && Libc.Control(fd, GetKind) == Libc.CloneNewNet)
            return new NetworkNamespace(fd, NamespaceIdentity.Of(opened));
        fd.Dispose();
        return null;
    }

    /// <summary>Opens the namespace that a user names.</summary>
    /// <param name="nameOrPath">A name as under <see cref="NamesFolder"/>, or an absolute path.</param>
    /// <exception cref="NotFoundException">There is none; the text lists the names there are.</exception>
    public static NetworkNamespace Find(string nameOrPath) =>
        Open(Path.Combine(NamesFolder, nameOrPath)) ?? throw new NotFoundException(
            $"There is no network namespace '{Printable.Escape(nameOrPath)}'; {DescribeNames()}.");

    /// <summary>Whether a file stands for a namespace, of any kind.</summary>
    public static bool IsNamespace(FileIdentity file) => (file.DeviceMajor, file.DeviceMinor) == NamespaceDevice.Value;

    /// <summary>Makes a socket in it. A socket stays where it was made, so the calling thread never moves.</summary>
    /// <exception cref="KernelException">EPERM: entering a namespace needs CAP_SYS_ADMIN.</exception>
    public NetlinkSocket OpenSocket() => Run(() => new NetlinkSocket());

    /// <summary>Runs code in it, on a thread that ends with it: the calling thread never moves.</summary>
    /// <exception cref="KernelException">EPERM: entering a namespace needs CAP_SYS_ADMIN.</exception>
    public T Run<T>(Func<T> action) => OwnThread.Run("network namespace", () => Libc.SetNamespace(_fd, Libc.CloneNewNet) == 0
        ? action()
        : throw new KernelException("setns CLONE_NEWNET", Marshal.GetLastPInvokeError(), null, "Reaching another network namespace needs CAP_SYS_ADMIN."));

    /// <inheritdoc/>
    public void Dispose() => _fd.Dispose();

    private static string DescribeNames()
    {
        try
        {
            var names = Directory.EnumerateFiles(NamesFolder)
                .Where(path => FileIdentity.Read(path) is { } file && IsNamespace(file))
                .Select(path => Printable.Escape(Path.GetFileName(path))).Order(StringComparer.Ordinal).Take(MaxNamesListed).ToList();
            return names.Count == 0 ? $"{NamesFolder} has none" : $"{NamesFolder} has {string.Join(", ", names)}";
        }
        catch (DirectoryNotFoundException)
        {
            return $"{NamesFolder} has none";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KernelException)
        {
            return $"{NamesFolder} cannot be read";
        }
    }
}
