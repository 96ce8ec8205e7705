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

    private static readonly Lazy<bool> Bpf = new(() => IsRoot && Succeeds("bpftool", "prog", "list"));
    private static readonly Lazy<bool> Ext = new(ProbeExt);

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

    private static bool ProbeExt() =>
        HasBpf && Tool.Run("bpftool", "feature", "probe", "kernel").Output.Contains("eBPF program_type ext is available", StringComparison.Ordinal);

    private static bool Succeeds(string name, params string[] arguments) =>
        Tool.Find(name) is not null && Tool.Run(name, arguments).ExitCode == 0;
}
