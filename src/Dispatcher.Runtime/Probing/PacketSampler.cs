using Dispatcher.Compiler.Bpf;

namespace Dispatcher.Runtime.Probing;

/// <summary>What a sampler records.</summary>
/// <param name="Component">Program id of the component, for the record.</param>
/// <param name="Slot">Its place in the chain, for the record.</param>
/// <param name="Wanted">Return values that are recorded.</param>
/// <param name="OneIn">1: every one; N: each with the chance of 1 in N.</param>
/// <param name="SnapBytes">Bytes of a packet that are kept at most.</param>
internal readonly record struct SamplerPlan(uint Component, int Slot, WantedReturns Wanted, uint OneIn, int SnapBytes);

/// <summary>The program that copies the head of a packet, as a component left it, into a ring buffer.</summary>
/// <remarks>
/// Its context is an array of u64: the watched function's argument, which is the kernel's <c>struct xdp_buff *</c> in truth
/// and starts with <c>void *data, *data_end</c>; then what it returned. A record, in host byte order:
/// <code>u64 time (ns, CLOCK_MONOTONIC); u32 component, slot, returned, length, captured, pad; u8 packet[SnapBytes]</code>
/// A packet in several buffers shows its first one. What finds no room in the ring is counted.
/// </remarks>
internal static class PacketSampler
{
    /// <summary>Name of the program, as tools show it.</summary>
    public const string Name = "xdp_packets";

    /// <summary>Name of the ring.</summary>
    public const string Ring = "xdp_packets";

    /// <summary>Name of the counter of what found no room: one u64 on each CPU.</summary>
    public const string Lost = "xdp_lost";

    /// <summary>Bytes of a record before the packet.</summary>
    public const int HeaderSizeBytes = 32;

    private const int BPF_FUNC_ktime_get_ns = 5;
    private const int BPF_FUNC_get_prandom_u32 = 7;
    private const int BPF_FUNC_probe_read_kernel = 113;
    private const int BPF_FUNC_ringbuf_reserve = 131;
    private const int BPF_FUNC_ringbuf_submit = 132;
    private const int HighestInMask = 31;

    /// <summary>The program for one component.</summary>
    public static BpfProgram Assemble(SamplerPlan plan)
    {
        // r6: what was returned, r7: start of the packet, r8: its length, r9: the record.
        var code = new BpfAssembler()
            .Function(Name)
            .Load(BpfSize.Double, BpfRegister.R6, BpfRegister.R1, VerdictCounter.ReturnValueOffset)
            .Alu(BpfAluOperation.Move, BpfWidth.Bits32, BpfRegister.R6, BpfRegister.R6)
            .Load(BpfSize.Double, BpfRegister.R2, BpfRegister.R1, 0)
            .Load(BpfSize.Double, BpfRegister.R7, BpfRegister.R2, 0)
            .Load(BpfSize.Double, BpfRegister.R8, BpfRegister.R2, sizeof(ulong))
            .Alu(BpfAluOperation.Subtract, BpfWidth.Bits64, BpfRegister.R8, BpfRegister.R7);
        WriteFilter(code, plan.Wanted);
        if (plan.OneIn > 1)
        {
            code.CallHelper(BPF_FUNC_get_prandom_u32)
                .LoadImmediate64(BpfRegister.R1, plan.OneIn)
                .Alu(BpfAluOperation.Modulo, BpfWidth.Bits64, BpfRegister.R0, BpfRegister.R1)
                .JumpIf(BpfComparison.NotEqual, BpfWidth.Bits64, BpfRegister.R0, 0, "out");
        }

        WriteRecord(code, plan);
        WriteLost(code);
        return code.Label("out").Move(BpfRegister.R0, 0).Exit().Assemble();
    }

    private static void WriteFilter(BpfAssembler code, WantedReturns wanted) => code
        .JumpIf(BpfComparison.Above, BpfWidth.Bits64, BpfRegister.R6, HighestInMask, wanted.HasHigher ? "wanted" : "out")
        .LoadImmediate64(BpfRegister.R1, wanted.Mask)
        .Alu(BpfAluOperation.ShiftRight, BpfWidth.Bits64, BpfRegister.R1, BpfRegister.R6)
        .Alu(BpfAluOperation.ShiftLeft, BpfWidth.Bits64, BpfRegister.R1, 63)
        .JumpIf(BpfComparison.Equal, BpfWidth.Bits64, BpfRegister.R1, 0, "out")
        .Label("wanted");

    private static void WriteRecord(BpfAssembler code, SamplerPlan plan)
    {
        code.LoadMap(BpfRegister.R1, Ring)
            .Move(BpfRegister.R2, HeaderSizeBytes + plan.SnapBytes)
            .Move(BpfRegister.R3, 0)
            .CallHelper(BPF_FUNC_ringbuf_reserve)
            .JumpIf(BpfComparison.Equal, BpfWidth.Bits64, BpfRegister.R0, 0, "lost")
            .Move(BpfRegister.R9, BpfRegister.R0)
            .CallHelper(BPF_FUNC_ktime_get_ns)
            .Store(BpfSize.Double, BpfRegister.R9, 0, BpfRegister.R0)
            .LoadImmediate64(BpfRegister.R1, plan.Component)
            .Store(BpfSize.Word, BpfRegister.R9, 8, BpfRegister.R1)
            .Move(BpfRegister.R1, plan.Slot)
            .Store(BpfSize.Word, BpfRegister.R9, 12, BpfRegister.R1)
            .Store(BpfSize.Word, BpfRegister.R9, 16, BpfRegister.R6)
            .Store(BpfSize.Word, BpfRegister.R9, 20, BpfRegister.R8)
            .JumpIf(BpfComparison.BelowOrEqual, BpfWidth.Bits64, BpfRegister.R8, plan.SnapBytes, "fits")
            .Move(BpfRegister.R8, plan.SnapBytes)
            .Label("fits")
            .Store(BpfSize.Word, BpfRegister.R9, 24, BpfRegister.R8)
            .Move(BpfRegister.R1, 0)
            .Store(BpfSize.Word, BpfRegister.R9, 28, BpfRegister.R1)
            .Move(BpfRegister.R1, BpfRegister.R9)
            .Alu(BpfAluOperation.Add, BpfWidth.Bits64, BpfRegister.R1, HeaderSizeBytes)
            .Move(BpfRegister.R2, BpfRegister.R8)
            .Move(BpfRegister.R3, BpfRegister.R7)
            .CallHelper(BPF_FUNC_probe_read_kernel)
            .Move(BpfRegister.R1, BpfRegister.R9)
            .Move(BpfRegister.R2, 0)
            .CallHelper(BPF_FUNC_ringbuf_submit)
            .Jump("out");
    }

    private static void WriteLost(BpfAssembler code) => code
        .Label("lost")
        .FindFirstElement(Lost, "out")
        .AddOne();
}
