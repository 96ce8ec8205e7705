using System.Collections.Immutable;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>What stands in the stub functions. A real dispatcher has <see cref="Replaceable"/>; tests put verdicts in place of components.</summary>
internal abstract class StubBody
{
    /// <summary>The stub of the protocol: returns 31 and may be replaced by a program that changes packet data.</summary>
    public static StubBody Replaceable { get; } = new ReplaceableBody();

    /// <summary>Stub k returns the 32 bits of a packet at byte 4 * k, in the machine's byte order; 31 when the packet is too short.</summary>
    public static StubBody FromPacket { get; } = new PacketBody();

    /// <summary>Stub k returns the k-th verdict, with noise in the upper half of r0.</summary>
    public static StubBody Returning(ImmutableArray<uint> verdicts) => new ConstantBody(verdicts);

    /// <summary>Writes the instructions of a stub after its head.</summary>
    /// <param name="code">Where they go.</param>
    /// <param name="stub">Index of the stub; compat_test is 10.</param>
    public abstract void Write(BpfAssembler code, int stub);

    // No null check: a context argument of a global function is never null to the verifier, from 5.10 on.
    // The call tells kernels from 6.13 on that packet data may change; without it they refuse components that do.
    // r0 and not w0: kernels whose JIT needs it would add an instruction that clears the upper half.
    private sealed class ReplaceableBody : StubBody
    {
        private const int BPF_FUNC_xdp_adjust_tail = 65;

        public override void Write(BpfAssembler code, int stub) => code
            .Move(BpfRegister.R2, 0)
            .CallHelper(BPF_FUNC_xdp_adjust_tail)
            .Move(BpfRegister.R0, DispatcherLimits.EmptyStubVerdict)
            .Exit();
    }

    private sealed class PacketBody : StubBody
    {
        public override void Write(BpfAssembler code, int stub) => code
            .Load(BpfSize.Word, BpfRegister.R2, BpfRegister.R1, 0)
            .Load(BpfSize.Word, BpfRegister.R3, BpfRegister.R1, 4)
            .Move(BpfRegister.R4, BpfRegister.R2)
            .Alu(BpfAluOperation.Add, BpfWidth.Bits64, BpfRegister.R4, 4 * stub + 4)
            .Move(BpfRegister.R0, DispatcherLimits.EmptyStubVerdict)
            .JumpIf(BpfComparison.Above, BpfWidth.Bits64, BpfRegister.R4, BpfRegister.R3, "short")
            .Load(BpfSize.Word, BpfRegister.R0, BpfRegister.R2, (short)(4 * stub))
            .Label("short")
            .Exit();
    }

    private sealed class ConstantBody(ImmutableArray<uint> verdicts) : StubBody
    {
        private const ulong Noise = 0xdead_beef_0000_0000;

        public override void Write(BpfAssembler code, int stub) => code
            .LoadImmediate64(BpfRegister.R0, Noise | (stub < verdicts.Length ? verdicts[stub] : DispatcherLimits.EmptyStubVerdict))
            .Exit();
    }
}
