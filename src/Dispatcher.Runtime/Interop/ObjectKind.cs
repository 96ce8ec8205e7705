using System.Globalization;
using System.Text;

namespace Dispatcher.Runtime.Interop;

/// <summary>Tells what kind of kernel object a pin holds: BPF_OBJ_GET takes any.</summary>
/// <remarks>/proc tells it by name, but slowly, and every component of a chain is opened by two pins; so first by what only one kind has.</remarks>
internal static unsafe class ObjectKind
{
    private const string AnonymousInode = "anon_inode:";
    private const int MaxNameBytes = 128;

    // Of all infos that of a program is the largest by far: since 5.10 at least 200 bytes; of a map, a link or BTF at most some 100.
    private const int InfoRoomBytes = 512;
    private const int LeastProgramInfoBytes = 160;

    private const int GetFileFlags = 3;
    private const int AccessMode = 3;
    private const int ReadOnly = 0;

    /// <summary>Whether it is a program: the kernel says how much it tells of it.</summary>
    public static bool IsProgram(OwnedFd fd)
    {
        var info = stackalloc byte[InfoRoomBytes];
        new Span<byte>(info, InfoRoomBytes).Clear();
        using var lease = new FdLease(fd);
        var attr = new InfoAttr { BpfFd = (uint)lease.Number, InfoLen = InfoRoomBytes, Info = (ulong)info };
        return BpfSyscall.Invoke(BpfCommand.ObjectGetInfoByFd, ref attr) == 0 ? attr.InfoLen >= LeastProgramInfoBytes : NameOf(fd) is null or "bpf-prog";
    }

    /// <summary>Whether it is a link: of what is pinned, only that is opened read-only.</summary>
    public static bool IsLink(OwnedFd fd)
    {
        using var lease = new FdLease(fd);
        return Libc.Fcntl(lease.Number, GetFileFlags, 0) is >= 0 and var flags && (flags & AccessMode) == ReadOnly || NameOf(fd) is null or "bpf-link" or "bpf_link";
    }

    /// <summary>What /proc calls it, for example <c>bpf-prog</c>; null when it does not tell.</summary>
    public static string? NameOf(OwnedFd fd)
    {
        using var lease = new FdLease(fd);
        var target = stackalloc byte[MaxNameBytes];
        var length = (int)Libc.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{lease.Number}"), target, MaxNameBytes);
        return length > 0 ? Encoding.UTF8.GetString(target, length).Replace(AnonymousInode, string.Empty, StringComparison.Ordinal).Trim('[', ']') : null;
    }
}
