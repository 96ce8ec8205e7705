namespace Dispatcher.Compiler.Bpf;

/// <summary>The parts of an opcode byte and the pseudo sources, with the kernel's names.</summary>
/// <remarks>Source: include/uapi/linux/bpf.h and bpf_common.h.</remarks>
internal static class BpfOpcode
{
    public const byte ClassMask = 0x07;
    public const byte OperationMask = 0xf0;
    public const byte SizeMask = 0x18;
    public const byte ModeMask = 0xe0;

    public const byte BPF_LD = 0x00;
    public const byte BPF_LDX = 0x01;
    public const byte BPF_ST = 0x02;
    public const byte BPF_STX = 0x03;
    public const byte BPF_ALU = 0x04;
    public const byte BPF_JMP = 0x05;
    public const byte BPF_JMP32 = 0x06;
    public const byte BPF_ALU64 = 0x07;

    public const byte BPF_K = 0x00;
    public const byte BPF_X = 0x08;

    public const byte BPF_IMM = 0x00;
    public const byte BPF_ABS = 0x20;
    public const byte BPF_IND = 0x40;
    public const byte BPF_MEM = 0x60;
    public const byte BPF_MEMSX = 0x80;
    public const byte BPF_ATOMIC = 0xc0;
    public const byte BPF_DW = 0x18;

    public const byte BPF_NEG = 0x80;
    public const byte BPF_MOV = 0xb0;
    public const byte BPF_END = 0xd0;

    public const byte BPF_JA = 0x00;
    public const byte BPF_CALL = 0x80;
    public const byte BPF_EXIT = 0x90;

    public const byte LoadImmediate64 = BPF_LD | BPF_IMM | BPF_DW;
    public const byte Call = BPF_JMP | BPF_CALL;
    public const byte Exit = BPF_JMP | BPF_EXIT;

    public const byte BPF_PSEUDO_MAP_FD = 1;
    public const byte BPF_PSEUDO_MAP_VALUE = 2;
    public const byte BPF_PSEUDO_CALL = 1;
    public const byte BPF_PSEUDO_KFUNC_CALL = 2;

    public const int BPF_FETCH = 0x01;
    public const int BPF_XCHG = 0xe0 | BPF_FETCH;
    public const int BPF_CMPXCHG = 0xf0 | BPF_FETCH;
}
