namespace Dispatcher.Runtime.Interop;

/// <content>Kernel constants under the kernel's meaning.</content>
internal sealed partial class LinuxBpf
{
    private const int InstructionSizeBytes = 8;
    private const int FunctionInfoSizeBytes = 8;
    private const int LineInfoSizeBytes = 16;
    private const int MinimumPacketBytes = 14;

    /// <summary>BPF_MAP_TYPE_ARRAY.</summary>
    private const uint MapTypeArray = 2;

    /// <summary>BPF_F_RDONLY_PROG.</summary>
    private const uint MapFlagReadOnlyForPrograms = 128;

    /// <summary>BPF_LINK_TYPE_TRACING; freplace links too.</summary>
    private const uint LinkTypeTracing = 2;

    /// <summary>BPF_LINK_TYPE_XDP.</summary>
    private const uint LinkTypeXdp = 6;
}
