using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>The entry function that reads the policy from the config map, for loaders that fill it in themselves.</summary>
/// <remarks>
/// <code>
///         r6 = r1
///         r7 = map[.rodata][0]+0
///         r8 = *(u8 *)(r7 + 2)           ; num_progs_enabled; in version 1 the first byte
/// slot0:  if w8 > 0 goto call0
///         r0 = 2
///         exit
/// call0:  r1 = r6
///         call prog0
///         r1 = *(u32 *)(r7 + 4)          ; chain_call_actions[0]
///         if w0 != 2 goto rare0
///         if w1 &amp; 4 goto slot1
///         exit
/// rare0:  if w0 > 31 goto out
///         w1 >>= w0
///         if w1 &amp; 1 goto slot1
/// out:    exit
/// </code>
/// With a frozen map the verifier knows the config and drops what it can prove: the question whether a slot is enabled,
/// the slots that are not, and the test of the bit, so four instructions per slot are left on the common path. It drops
/// a known jump only when what it jumps over is reached from nowhere else; hence a return of its own for each slot.
/// </remarks>
internal static class GenericEntry
{
    private const int Pass = (int)XdpAction.Pass;
    private const short ActionsOffset = 4;
    private const BpfRegister Context = BpfRegister.R6;
    private const BpfRegister Config = BpfRegister.R7;
    private const BpfRegister Enabled = BpfRegister.R8;

    /// <summary>Writes the function.</summary>
    public static void Write(CodeWriter writer, DispatcherSpec spec, TwinLines lines)
    {
        writer.Function(DispatcherNames.Entry, lines.Entry)
            .Move(Context, BpfRegister.R1);
        writer.At(lines.Enabled)
            .LoadMapValue(Config, DispatcherNames.ConfigSection, 0)
            .Load(BpfSize.Byte, Enabled, Config, DispatcherConfig.CountOffsetOf(spec.Version));
        for (var slot = 0; slot < DispatcherLimits.MaxSlots; slot++)
            WriteSlot(writer, lines, slot);

        WriteGuard(writer, DispatcherLimits.MaxSlots, lines.CompatGuard, lines.CompatGuardReturn);
        writer.At(lines.CompatCall)
            .Label(EntryLabels.Call(DispatcherLimits.MaxSlots))
            .Move(BpfRegister.R1, Context)
            .Call(DispatcherNames.CompatTest)
            .Label(EntryLabels.Out)
            .Exit();
        for (var slot = 0; slot < DispatcherLimits.MaxSlots; slot++)
            WriteRarePath(writer, lines, slot);
    }

    /// <summary>Writes the program xdp_pass.</summary>
    public static void WritePassProgram(CodeWriter writer, TwinLines lines) =>
        writer.Function(DispatcherNames.PassProgram, lines.PassProgram).Move(BpfRegister.R0, Pass).Exit();

    private static void WriteSlot(CodeWriter writer, TwinLines lines, int slot)
    {
        WriteGuard(writer, slot, lines.Guard(slot), lines.GuardReturn(slot));
        writer.At(lines.Call(slot))
            .Label(EntryLabels.Call(slot))
            .Move(BpfRegister.R1, Context)
            .Call(DispatcherNames.Stub(slot));
        writer.At(lines.Test(slot))
            .Load(BpfSize.Word, BpfRegister.R1, Config, (short)(ActionsOffset + 4 * slot))
            .JumpIf(BpfComparison.NotEqual, BpfWidth.Bits32, BpfRegister.R0, Pass, EntryLabels.Rare(slot))
            .JumpIf(BpfComparison.AnyBitSet, BpfWidth.Bits32, BpfRegister.R1, 1 << Pass, EntryLabels.Slot(slot + 1));
        writer.At(lines.Return(slot)).Exit();
    }

    private static void WriteGuard(CodeWriter writer, int slot, TwinLine guard, TwinLine guardReturn)
    {
        writer.At(guard)
            .Label(EntryLabels.Slot(slot))
            .JumpIf(BpfComparison.Above, BpfWidth.Bits32, Enabled, slot, EntryLabels.Call(slot));
        writer.At(guardReturn).Move(BpfRegister.R0, Pass).Exit();
    }

    private static void WriteRarePath(CodeWriter writer, TwinLines lines, int slot)
    {
        writer.At(lines.Test(slot))
            .Label(EntryLabels.Rare(slot))
            .JumpIf(BpfComparison.Above, BpfWidth.Bits32, BpfRegister.R0, DispatcherLimits.EmptyStubVerdict, EntryLabels.Out)
            .Alu(BpfAluOperation.ShiftRight, BpfWidth.Bits32, BpfRegister.R1, BpfRegister.R0)
            .JumpIf(BpfComparison.AnyBitSet, BpfWidth.Bits32, BpfRegister.R1, 1, EntryLabels.Slot(slot + 1));
        writer.At(lines.Return(slot)).Exit();
    }
}
