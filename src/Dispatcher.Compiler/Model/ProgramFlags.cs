namespace Dispatcher.Compiler.Model;

/// <summary>What a component supports, as the kernel's program load flags; one u32 per slot from version 2 on.</summary>
[Flags]
public enum ProgramFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Handles packets in several buffers: <c>BPF_F_XDP_HAS_FRAGS</c>, kernel 5.18.</summary>
    Frags = 1 << 5,

    /// <summary>Bound to one device: <c>BPF_F_XDP_DEV_BOUND_ONLY</c>, kernel 6.3; config version 3.</summary>
    DeviceBound = 1 << 6,
}
