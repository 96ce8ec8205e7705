using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>Values of <c>enum bpf_cmd</c>.</summary>
internal enum BpfCommand
{
    MapCreate = 0,
    MapLookupElement = 1,
    MapUpdateElement = 2,
    MapDeleteElement = 3,
    MapGetNextKey = 4,
    ProgramLoad = 5,
    ObjectPin = 6,
    ObjectGet = 7,
    ProgramTestRun = 10,
    ProgramGetNextId = 11,
    ProgramGetFdById = 13,
    MapGetFdById = 14,
    ObjectGetInfoByFd = 15,
    RawTracepointOpen = 17,
    BtfLoad = 18,
    BtfGetFdById = 19,
    MapFreeze = 22,
    LinkCreate = 28,
    LinkGetFdById = 30,
    LinkGetNextId = 31,
    ProgramBindMap = 35,
}

/// <summary>The one door to bpf(2).</summary>
/// <remarks>
/// The size passed is that of the struct, which ends at the last field we use. An older kernel answers E2BIG only
/// when a field that it does not know is not zero.
/// </remarks>
internal static unsafe class BpfSyscall
{
    private static readonly nint Number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => 280,
        Architecture.S390x => 351,
        Architecture.Ppc64le => 361,
        var other => throw new PlatformNotSupportedException($"bpf(2) has no known number on {other}."),
    };

    /// <summary>Makes a call that answers with a number. 0: done; else the errno.</summary>
    public static int Invoke<T>(BpfCommand command, ref T attr)
        where T : unmanaged
    {
        fixed (T* bytes = &attr)
            return Libc.Syscall(Number, (nint)command, bytes, Unsafe.SizeOf<T>()) >= 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Makes a call that answers with an fd. Errno is 0 when the fd is valid.</summary>
    public static OwnedFd Open<T>(BpfCommand command, ref T attr, out int errno)
        where T : unmanaged
    {
        fixed (T* bytes = &attr)
        {
            var fd = Libc.SyscallToFd(Number, (nint)command, bytes, Unsafe.SizeOf<T>());
            errno = fd.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            return fd.AboveStandardStreams();
        }
    }

    /// <summary>
    /// Whether the kernel knows a command at all. A command that it knows answers EBADF (or EPERM) to a wrong fd;
    /// only one that it does not know answers EINVAL.
    /// </summary>
    public static bool Knows(BpfCommand command)
    {
        var attr = default(BindMapAttr);
        attr.ProgFd = uint.MaxValue;
        attr.MapFd = command == BpfCommand.ProgramBindMap ? uint.MaxValue : 0;
        return Invoke(command, ref attr) != Errno.EINVAL;
    }
}
