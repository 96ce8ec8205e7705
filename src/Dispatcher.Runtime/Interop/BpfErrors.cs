using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Turns an errno of bpf(2) into an error that says what to do.</summary>
internal static class BpfErrors
{
    /// <summary>4,096 instructions; above that E2BIG may mean the count, below it only a field that the kernel does not know.</summary>
    private const int MaxUnprivilegedBytes = 4096 * 8;

    /// <summary>An error for an errno that the caller does not answer with a value.</summary>
    /// <param name="operation">What was asked of the kernel.</param>
    /// <param name="errno">Positive.</param>
    /// <param name="capabilities">What the operation needs; checked only to explain EPERM and EACCES.</param>
    public static DispatcherException Explain(string operation, int errno, params ReadOnlySpan<string> capabilities) => errno switch
    {
        Errno.EPERM or Errno.EACCES => new KernelException(operation, errno, null, Permission(capabilities.IsEmpty ? ["CAP_SYS_ADMIN"] : capabilities)),
        Errno.ENOSYS => new UnsupportedKernelException("BPF (CONFIG_BPF_SYSCALL)", "4.18", errno),
        _ => new KernelException(operation, errno),
    };

    /// <summary>An error for BPF_PROG_LOAD that left no log.</summary>
    public static DispatcherException ExplainLoad(in ProgramLoadRequest request, int errno)
    {
        var isExt = request.Type == ProgramType.Ext;
        var isTracing = request.Type == ProgramType.Tracing;
        var operation = $"BPF_PROG_LOAD {request.Type.ToString().ToUpperInvariant()} {Printable.Escape(request.Name)}";
        return errno switch
        {
            Errno.EPERM or Errno.EACCES when isExt => new KernelException(operation, errno, null, ExtPermission()),
            Errno.EPERM or Errno.EACCES when isTracing => Explain(operation, errno, "CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"),
            Errno.EINVAL when isTracing && request.AttachTarget is not null => new KernelException(
                operation, errno, null, "The kernel watches functions of compiled programs only; is the JIT compiler on (net.core.bpf_jit_enable)?"),
            Errno.E2BIG when request.Instructions.Length > MaxUnprivilegedBytes => new KernelException(operation, errno, "too many instructions"),
            Errno.E2BIG when isExt => new UnsupportedKernelException("replacing a function of a program (EXT)", "5.6", errno),
            Errno.E2BIG when !request.FunctionInfo.IsEmpty => new UnsupportedKernelException("BTF function info", "5.0", errno),
            _ => Explain(operation, errno, "CAP_BPF", "CAP_NET_ADMIN"),
        };
    }

    /// <summary>Why a kernel may refuse EXT programs to a process that has every capability.</summary>
    public static string ExtPermission() =>
        Capabilities.Missing("CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON") is [_, ..]
            ? Lacking()
            : MemLockLimit.Advice() ?? "This process has the capabilities for it, so a policy of this machine refuses programs that replace functions (a sandbox, lockdown or an LSM); run on a kernel that allows them.";

    /// <summary>Why a kernel refuses what needs these capabilities, and what to do.</summary>
    public static string Permission(ReadOnlySpan<string> capabilities) =>
        Capabilities.Missing(capabilities) is [_, ..]
            ? Lacking()
            : MemLockLimit.Advice() ?? "This process has the capabilities for it, so a policy of this machine refuses it (a sandbox, lockdown or an LSM); 'xdp-dispatch doctor' shows what it allows.";

    // All of them at once: who adds one after the other is refused as often.
    private static string Lacking() =>
        $"This process lacks {string.Join(", ", Capabilities.Missing(Capabilities.Needed.AsSpan()) ?? [])}; run it as root or give it these capabilities.";
}
