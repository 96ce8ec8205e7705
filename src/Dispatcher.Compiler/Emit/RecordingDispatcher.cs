using System.Collections.Immutable;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>A dispatcher for test runs: it decides as that of the protocol does, and writes down what each slot returned.</summary>
/// <param name="Program">The instructions; entry first, then a stub for each slot.</param>
/// <param name="Btf">The functions and their prototype.</param>
/// <param name="FuncInfo">func_info of BPF_PROG_LOAD.</param>
/// <param name="StubTypes">By slot: type id of the stub that a component replaces.</param>
/// <remarks>
/// It has no marker and no config, so nobody takes it for a dispatcher, and it is not meant for an interface. Its map holds,
/// for each slot, in host byte order:
/// <code>u64 0: the slot did not run; else 1 &lt;&lt; 32 | what it returned</code>
/// With one slot the policy is not looked at, as in a chain where the component stands in the place of the dispatcher.
/// </remarks>
public sealed record RecordingDispatcher(
    BpfProgram Program, BtfData Btf, ImmutableArray<BtfFuncInfo> FuncInfo, ImmutableArray<BtfTypeId> StubTypes)
{
    /// <summary>Name of the entry function.</summary>
    public const string Entry = "xdp_recorder";

    /// <summary>Name of the map.</summary>
    public const string Map = "xdp_returned";

    private const ulong HasRun = 1ul << 32;

    /// <summary>Makes one for a chain.</summary>
    /// <param name="slots">1 to 10 slots, in running order.</param>
    /// <exception cref="ArgumentException">Too few or too many slots.</exception>
    public static RecordingDispatcher Generate(ImmutableArray<Slot> slots)
    {
        if (slots.IsDefaultOrEmpty || slots.Length > DispatcherLimits.MaxSlots)
            throw new ArgumentException($"A dispatcher has 1 to {DispatcherLimits.MaxSlots} slots, not {(slots.IsDefault ? 0 : slots.Length)}.", nameof(slots));
        var code = new BpfAssembler().Function(Entry);
        WriteEntry(code, slots);
        for (var slot = 0; slot < slots.Length; slot++)
            StubBody.Replaceable.Write(code.Function(DispatcherNames.Stub(slot)), slot);
        var program = code.Assemble();

        var builder = new BtfBuilder();
        var result = builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        var context = builder.Add(new BtfPtr(builder.Add(new BtfStruct("xdp_md", 0, []))));
        var prototype = builder.Add(new BtfFuncProto(result, [new BtfParameter("ctx", context)]));
        ImmutableArray<BtfTypeId> types = [.. program.Functions.Select(function => builder.Add(new BtfFunc(function.Name, prototype, BtfLinkage.Global)))];
        return new RecordingDispatcher(
            program, builder.Build(), [.. program.Functions.Select((function, i) => new BtfFuncInfo((uint)function.Start, types[i]))], types[1..]);
    }

    /// <summary>What a slot returned. Null: it did not run.</summary>
    /// <param name="record">Its u64 in the map.</param>
    public static uint? ReturnedBy(ulong record) => record < HasRun ? null : (uint)record;

    private static void WriteEntry(BpfAssembler code, ImmutableArray<Slot> slots)
    {
        code.Move(BpfRegister.R6, BpfRegister.R1).LoadMapValue(BpfRegister.R7, Map, 0).Move(BpfRegister.R1, 0);
        for (var slot = 0; slot < slots.Length; slot++)
            code.Store(BpfSize.Double, BpfRegister.R7, OffsetOf(slot), BpfRegister.R1);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            code.Move(BpfRegister.R1, BpfRegister.R6)
                .Call(DispatcherNames.Stub(slot))
                .Alu(BpfAluOperation.Move, BpfWidth.Bits32, BpfRegister.R0, BpfRegister.R0)
                .LoadImmediate64(BpfRegister.R1, HasRun)
                .Alu(BpfAluOperation.Or, BpfWidth.Bits64, BpfRegister.R1, BpfRegister.R0)
                .Store(BpfSize.Double, BpfRegister.R7, OffsetOf(slot), BpfRegister.R1);
            if (slots.Length > 1)
                WriteTest(code, slots[slot].Actions);
        }

        if (slots.Length > 1)
            code.Move(BpfRegister.R0, (int)XdpAction.Pass);
        code.Label("out").Exit();
    }

    // Out, unless the bit of the return value is set; above 31 there is none.
    private static void WriteTest(BpfAssembler code, ChainCallActions actions) => code
        .JumpIf(BpfComparison.Above, BpfWidth.Bits64, BpfRegister.R0, DispatcherLimits.EmptyStubVerdict, "out")
        .LoadImmediate64(BpfRegister.R1, actions.ToWire())
        .Alu(BpfAluOperation.ShiftRight, BpfWidth.Bits64, BpfRegister.R1, BpfRegister.R0)
        .Alu(BpfAluOperation.ShiftLeft, BpfWidth.Bits64, BpfRegister.R1, 63)
        .JumpIf(BpfComparison.Equal, BpfWidth.Bits64, BpfRegister.R1, 0, "out");

    private static short OffsetOf(int slot) => (short)(slot * sizeof(ulong));
}
