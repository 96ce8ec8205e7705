using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>The entry function with the policy as immediates.</summary>
/// <remarks>
/// <code>
///         r6 = r1                        ; only with two slots or more
///         call prog0                     ; r1 is still the context
///         if w0 != 2 goto rare0
/// slot1:  r1 = r6
///         call prog1
///         if w0 != 31 goto out           ; last slot: XDP_PASS is returned as it is
/// pass:   r0 = 2
/// out:    exit
/// rare0:  if w0 == 31 goto slot1
///         exit
/// </code>
/// Three instructions per slot on the common path. Only w0 is compared: above the 32 bits of the int that a component
/// returns may be anything. What leaves the chain is r0 as the component left it; the kernel reads its lower half.
/// </remarks>
internal static class SpecialisedEntry
{
    private const int Pass = (int)XdpAction.Pass;

    /// <summary>Writes the function.</summary>
    public static void Write(CodeWriter writer, DispatcherSpec spec, TwinLines lines)
    {
        var last = spec.Slots.Length - 1;
        writer.Function(DispatcherNames.Entry, lines.Entry);
        if (last > 0)
            writer.Code.Move(BpfRegister.R6, BpfRegister.R1);
        for (var slot = 0; slot <= last; slot++)
        {
            WriteCall(writer, lines, slot);
            writer.At(lines.Test(slot, spec.Slots[slot].Actions));
            if (slot < last)
                WriteCommonTest(writer.Code, SlotPolicy.Of(spec.Slots[slot]), slot);
            else
                WriteLastTest(writer.Code, SlotPolicy.Of(spec.Slots[slot]));
        }

        writer.At(lines.Pass).Label(EntryLabels.Pass).Move(BpfRegister.R0, Pass).Label(EntryLabels.Out).Exit();
        for (var slot = 0; slot < last; slot++)
            WriteRarePath(writer, spec.Slots[slot], lines, slot);
    }

    private static void WriteCall(CodeWriter writer, TwinLines lines, int slot)
    {
        var code = writer.At(lines.Call(slot));
        if (slot > 0)
            code.Label(EntryLabels.Slot(slot)).Move(BpfRegister.R1, BpfRegister.R6);
        code.Call(DispatcherNames.Stub(slot));
    }

    private static void WriteCommonTest(BpfAssembler code, SlotPolicy policy, int slot)
    {
        var elsewhere = policy.RangesBesideCommon().IsEmpty ? EntryLabels.Out : EntryLabels.Rare(slot);
        code.JumpIf(BpfComparison.NotEqual, BpfWidth.Bits32, BpfRegister.R0, policy.CommonVerdict, elsewhere);
    }

    private static void WriteRarePath(CodeWriter writer, Slot slot, TwinLines lines, int index)
    {
        var ranges = SlotPolicy.Of(slot).RangesBesideCommon();
        if (ranges.IsEmpty)
            return;
        var code = writer.At(lines.Test(index, slot.Actions)).Label(EntryLabels.Rare(index));
        foreach (var range in ranges)
            WriteRangeTest(code, range, EntryLabels.Slot(index + 1));
        writer.At(lines.Return(index)).Exit();
    }

    // Behind the last slot a verdict either stays as it is or becomes XDP_PASS, which falls through to EntryLabels.Pass.
    private static void WriteLastTest(BpfAssembler code, SlotPolicy policy)
    {
        var ranges = policy.RangesBesideCommonAndPass();
        if (ranges.IsEmpty)
        {
            WriteUnlessInRange(code, new VerdictRange(policy.CommonVerdict, policy.CommonVerdict), EntryLabels.Out);
            return;
        }

        if (!policy.HasPass)
            code.JumpIf(BpfComparison.Equal, BpfWidth.Bits32, BpfRegister.R0, policy.CommonVerdict, EntryLabels.Pass);
        else if (!(ranges.Length == 1 && ranges[0].IsSingle))
            code.JumpIf(BpfComparison.Equal, BpfWidth.Bits32, BpfRegister.R0, Pass, EntryLabels.Out);
        foreach (var range in ranges[..^1])
            WriteRangeTest(code, range, EntryLabels.Pass);
        WriteUnlessInRange(code, ranges[^1], EntryLabels.Out);
    }

    // Ranges come in rising order, so a verdict below the first of one is in none that follows.
    private static void WriteRangeTest(BpfAssembler code, VerdictRange range, string inside)
    {
        if (range.IsSingle)
        {
            code.JumpIf(BpfComparison.Equal, BpfWidth.Bits32, BpfRegister.R0, range.First, inside);
            return;
        }

        if (range.First > 0)
            code.JumpIf(BpfComparison.Below, BpfWidth.Bits32, BpfRegister.R0, range.First, EntryLabels.Out);
        code.JumpIf(BpfComparison.BelowOrEqual, BpfWidth.Bits32, BpfRegister.R0, range.Last, inside);
    }

    private static void WriteUnlessInRange(BpfAssembler code, VerdictRange range, string outside)
    {
        if (range.IsSingle)
        {
            code.JumpIf(BpfComparison.NotEqual, BpfWidth.Bits32, BpfRegister.R0, range.First, outside);
            return;
        }

        if (range.First > 0)
            code.JumpIf(BpfComparison.Below, BpfWidth.Bits32, BpfRegister.R0, range.First, outside);
        code.JumpIf(BpfComparison.Above, BpfWidth.Bits32, BpfRegister.R0, range.Last, outside);
    }
}
