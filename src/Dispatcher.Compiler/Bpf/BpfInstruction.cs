namespace Dispatcher.Compiler.Bpf;

/// <summary>One instruction of 8 bytes; a 64-bit immediate load is two of them.</summary>
/// <param name="Opcode">Class, source or size, and operation.</param>
/// <param name="Destination">Register 0 to 10; 4 bits on the wire.</param>
/// <param name="Source">Register 0 to 10, or a pseudo source that says what the immediate means; 4 bits on the wire.</param>
/// <param name="Offset">Jump distance in instructions after this one, or bytes for a load or store.</param>
/// <param name="Immediate">Operand, helper id, or call distance in instructions after this one.</param>
/// <remarks>
/// <code>
/// byte 0       1                             2..3     4..7
///      opcode  dst | src (4 bits each)       offset   immediate
/// </code>
/// dst stands in the low half of byte 1 when little endian, in the high half when big endian.
/// Source: Documentation/bpf/standardization/instruction-set.rst.
/// </remarks>
public readonly record struct BpfInstruction(byte Opcode, byte Destination, byte Source, short Offset, int Immediate)
{
    /// <summary>Size of one instruction in bytes.</summary>
    public const int Size = 8;

    /// <summary>Whether this is the first half of a 64-bit immediate load, whose second half follows.</summary>
    public bool IsWide => Opcode == BpfOpcode.LoadImmediate64;

    /// <summary>Whether this calls another function of the program; the immediate is the distance.</summary>
    public bool IsFunctionCall => Opcode == BpfOpcode.Call && Source == BpfOpcode.BPF_PSEUDO_CALL;

    /// <summary>Whether this calls a helper of the kernel; the immediate is its id.</summary>
    public bool IsHelperCall => Opcode == BpfOpcode.Call && Source == 0;

    /// <summary>Whether this leaves the function.</summary>
    public bool IsExit => Opcode == BpfOpcode.Exit;

    /// <summary>Whether this is a jump with a 16-bit distance, conditional or not.</summary>
    public bool IsJump =>
        (Opcode & BpfOpcode.ClassMask) switch
        {
            BpfOpcode.BPF_JMP => (Opcode & BpfOpcode.OperationMask) is not (BpfOpcode.BPF_CALL or BpfOpcode.BPF_EXIT),
            BpfOpcode.BPF_JMP32 => (Opcode & BpfOpcode.OperationMask) is not (BpfOpcode.BPF_JA or BpfOpcode.BPF_CALL or BpfOpcode.BPF_EXIT),
            _ => false,
        };

    /// <summary>Whether this always jumps.</summary>
    public bool IsUnconditionalJump => IsJump && (Opcode & BpfOpcode.OperationMask) == BpfOpcode.BPF_JA;
}
