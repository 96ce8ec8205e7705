using Dispatcher.Compiler.Bpf;

namespace Dispatcher.Runtime.Probing;

/// <summary>What the programs of probes do alike.</summary>
internal static class ProbeCode
{
    private const int BPF_FUNC_map_lookup_elem = 1;
    private const short KeyOffset = -4;

    /// <summary>r0: address of entry 0 of an array map. Uses r1 to r5 and four bytes of the stack.</summary>
    /// <param name="code">Appended to.</param>
    /// <param name="map">Name of the map.</param>
    /// <param name="otherwise">Label to go to when there is none, which the verifier wants considered.</param>
    public static BpfAssembler FindFirstElement(this BpfAssembler code, string map, string otherwise) => code
        .Move(BpfRegister.R1, 0)
        .Store(BpfSize.Word, BpfRegister.R10, KeyOffset, BpfRegister.R1)
        .Move(BpfRegister.R2, BpfRegister.R10)
        .Alu(BpfAluOperation.Add, BpfWidth.Bits64, BpfRegister.R2, KeyOffset)
        .LoadMap(BpfRegister.R1, map)
        .CallHelper(BPF_FUNC_map_lookup_elem)
        .JumpIf(BpfComparison.Equal, BpfWidth.Bits64, BpfRegister.R0, 0, otherwise);

    /// <summary>Adds 1 to the u64 at r0, which no other CPU writes. Uses r1.</summary>
    public static BpfAssembler AddOne(this BpfAssembler code) => code
        .Load(BpfSize.Double, BpfRegister.R1, BpfRegister.R0, 0)
        .Alu(BpfAluOperation.Add, BpfWidth.Bits64, BpfRegister.R1, 1)
        .Store(BpfSize.Double, BpfRegister.R0, 0, BpfRegister.R1);
}
