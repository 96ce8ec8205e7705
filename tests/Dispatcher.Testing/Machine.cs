using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Testing;

/// <summary>What this machine can do. Each question is asked once per process.</summary>
public static class Machine
{
    /// <summary>BTF of the running kernel.</summary>
    public const string VmlinuxPath = "/sys/kernel/btf/vmlinux";

    /// <summary>Why an EXT test is left out.</summary>
    public const string ExtReason = "needs a kernel that accepts EXT programs";

    /// <summary>Why a root test is left out.</summary>
    public const string RootReason = "needs root and the bpf system call";

    private static readonly Lazy<bool> Bpf = new(ProbeBpf);
    private static readonly Lazy<bool> Ext = new(ProbeExt);

    private static ReadOnlySpan<byte> ReturnZero => [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether we are root.</summary>
    public static bool IsRoot { get; } = Environment.UserName == "root";

    /// <summary>Whether the bpf system call works for us.</summary>
    public static bool HasBpf => Bpf.Value;

    /// <summary>Whether the kernel accepts programs of type EXT.</summary>
    public static bool HasExt => Ext.Value;

    /// <summary>For attributes: false leaves an EXT test out, true runs it (and it fails with the reason when it must not be left out).</summary>
    public static bool RunsExt => HasExt || !SkipPolicy.MayLeaveOut("Ext", ExtReason);

    /// <summary>For attributes: the same for tests that need root and BPF.</summary>
    public static bool RunsRoot => HasBpf || !SkipPolicy.MayLeaveOut("Root", RootReason);

    private static bool ProbeBpf()
    {
        if (!IsRoot)
            return false;
        try
        {
            new LinuxBpf().NextProgram(null);
            return true;
        }
        catch (KernelException)
        {
            return false;
        }
    }

    /// <summary>A kernel that knows EXT gets as far as saying that type id 1 of its own BTF is nothing an EXT program may replace.</summary>
    private static bool ProbeExt()
    {
        if (!HasBpf)
            return false;
        try
        {
            using var program = new LinuxBpf().LoadProgram(new ProgramLoadRequest
            {
                Type = ProgramType.Ext,
                Name = "probe_ext",
                Instructions = ReturnZero,
                License = "GPL",
                AttachBtfTypeId = 1,
            });
            return true;
        }
        catch (VerifierException refusal)
        {
            return refusal.Log.Contains("Cannot replace kernel functions", StringComparison.Ordinal);
        }
        catch (KernelException)
        {
            return false;
        }
    }
}
