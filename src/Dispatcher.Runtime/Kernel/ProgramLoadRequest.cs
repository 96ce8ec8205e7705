namespace Dispatcher.Runtime.Kernel;

/// <summary>Everything that BPF_PROG_LOAD gets. Spans are borrowed for the call.</summary>
internal readonly ref struct ProgramLoadRequest
{
    /// <summary>XDP, EXT or TRACING.</summary>
    public required ProgramType Type { get; init; }

    /// <summary>Function name, cut at 15 bytes for the kernel.</summary>
    public required string Name { get; init; }

    /// <summary>Instructions in host byte order, 8 bytes each.</summary>
    public required ReadOnlySpan<byte> Instructions { get; init; }

    /// <summary>For example <c>GPL</c>.</summary>
    public required string License { get; init; }

    /// <summary>Value of <c>enum bpf_attach_type</c>: 37 (BPF_XDP) for a dispatcher, 0 for a component, 25 (BPF_TRACE_FEXIT) for a probe.</summary>
    public uint ExpectedAttachType { get; init; }

    /// <summary>BPF_F_XDP_HAS_FRAGS (32), BPF_F_XDP_DEV_BOUND_ONLY (64).</summary>
    public uint Flags { get; init; }

    /// <summary>BTF of the program, or null.</summary>
    public BtfFd? Btf { get; init; }

    /// <summary>Function records: u32 first instruction, u32 type id; 8 bytes each.</summary>
    public ReadOnlySpan<byte> FunctionInfo { get; init; }

    /// <summary>Line records of 16 bytes each.</summary>
    public ReadOnlySpan<byte> LineInfo { get; init; }

    /// <summary>EXT: the program whose function is replaced. TRACING: the one whose function is watched.</summary>
    public ProgramFd? AttachTarget { get; init; }

    /// <summary>EXT, TRACING: type id of that function in the target's BTF.</summary>
    public uint AttachBtfTypeId { get; init; }

    /// <summary>Interface the program is bound to (device-bound only), or 0.</summary>
    public int BoundIfindex { get; init; }
}
