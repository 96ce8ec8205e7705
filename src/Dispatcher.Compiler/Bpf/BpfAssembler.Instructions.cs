namespace Dispatcher.Compiler.Bpf;

/// <content>One method per kind of instruction.</content>
public sealed partial class BpfAssembler
{
    /// <summary><c>dst = src</c>, all 64 bits.</summary>
    public BpfAssembler Move(BpfRegister destination, BpfRegister source) => Alu(BpfAluOperation.Move, BpfWidth.Bits64, destination, source);

    /// <summary><c>dst = value</c>, sign-extended to 64 bits.</summary>
    public BpfAssembler Move(BpfRegister destination, int value) => Alu(BpfAluOperation.Move, BpfWidth.Bits64, destination, value);

    /// <summary>Arithmetic with a register.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="width">Bits32 clears the upper half of the destination.</param>
    /// <param name="destination">First operand and result; not the frame pointer.</param>
    /// <param name="source">Second operand.</param>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10, or r10 as destination.</exception>
    public BpfAssembler Alu(BpfAluOperation operation, BpfWidth width, BpfRegister destination, BpfRegister source) =>
        Add((byte)((byte)operation | BpfOpcode.BPF_X | AluClass(width)), Writable(destination), Known(source), 0, 0);

    /// <summary>Arithmetic with a constant.</summary>
    /// <inheritdoc cref="Alu(BpfAluOperation, BpfWidth, BpfRegister, BpfRegister)"/>
    /// <param name="operation">What to do.</param>
    /// <param name="width">Bits32 clears the upper half of the destination.</param>
    /// <param name="destination">First operand and result; not the frame pointer.</param>
    /// <param name="value">Second operand, sign-extended when the width is 64 bits.</param>
    public BpfAssembler Alu(BpfAluOperation operation, BpfWidth width, BpfRegister destination, int value) =>
        Add((byte)((byte)operation | BpfOpcode.BPF_K | AluClass(width)), Writable(destination), 0, 0, value);

    /// <summary><c>dst = *(size *)(src + offset)</c>.</summary>
    /// <param name="size">Bytes moved.</param>
    /// <param name="destination">Gets the value, upper bits zero; not the frame pointer.</param>
    /// <param name="source">Address.</param>
    /// <param name="offset">Bytes added to the address.</param>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10, or r10 as destination.</exception>
    public BpfAssembler Load(BpfSize size, BpfRegister destination, BpfRegister source, short offset) =>
        Add((byte)(BpfOpcode.BPF_LDX | BpfOpcode.BPF_MEM | (byte)size), Writable(destination), Known(source), offset, 0);

    /// <summary><c>*(size *)(dst + offset) = src</c>.</summary>
    /// <param name="size">Bytes moved.</param>
    /// <param name="destination">Address.</param>
    /// <param name="offset">Bytes added to the address.</param>
    /// <param name="source">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10.</exception>
    public BpfAssembler Store(BpfSize size, BpfRegister destination, short offset, BpfRegister source) =>
        Add((byte)(BpfOpcode.BPF_STX | BpfOpcode.BPF_MEM | (byte)size), Known(destination), Known(source), offset, 0);

    /// <summary><c>dst = value</c> with all 64 bits; two instructions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10, or r10 as destination.</exception>
    public BpfAssembler LoadImmediate64(BpfRegister destination, ulong value) =>
        AddWide(destination, 0, (int)(uint)value, (int)(uint)(value >> 32));

    /// <summary><c>dst = map</c>; two instructions, the loader fills in the fd.</summary>
    /// <param name="destination">Gets the map; not the frame pointer.</param>
    /// <param name="map">Name of the map.</param>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10, or r10 as destination.</exception>
    public BpfAssembler LoadMap(BpfRegister destination, string map)
    {
        _maps.Add(new BpfMapReference(Count, map, IsValue: false, 0));
        return AddWide(destination, BpfOpcode.BPF_PSEUDO_MAP_FD, 0, 0);
    }

    /// <summary><c>dst = address in the value of entry 0 of a map</c>; two instructions, the loader fills in the fd.</summary>
    /// <param name="destination">Gets the address; not the frame pointer.</param>
    /// <param name="map">Name of the map, an array.</param>
    /// <param name="offset">Bytes from the start of the value.</param>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10, or r10 as destination.</exception>
    /// <remarks>Kernel: BPF_PSEUDO_MAP_VALUE, 5.2.</remarks>
    public BpfAssembler LoadMapValue(BpfRegister destination, string map, uint offset)
    {
        _maps.Add(new BpfMapReference(Count, map, IsValue: true, offset));
        return AddWide(destination, BpfOpcode.BPF_PSEUDO_MAP_VALUE, 0, (int)offset);
    }

    /// <summary>Jumps always.</summary>
    /// <param name="label">A label of this function, before or after.</param>
    public BpfAssembler Jump(string label) => AddJump(BpfOpcode.BPF_JMP | BpfOpcode.BPF_JA, 0, 0, 0, label);

    /// <summary>Jumps when a register compares with a constant as said.</summary>
    /// <param name="comparison">When to jump.</param>
    /// <param name="width">Bits32 looks at the lower halves only (JMP32, kernel 5.1).</param>
    /// <param name="left">Left side.</param>
    /// <param name="right">Right side, sign-extended when the width is 64 bits.</param>
    /// <param name="label">A label of this function, before or after.</param>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10.</exception>
    public BpfAssembler JumpIf(BpfComparison comparison, BpfWidth width, BpfRegister left, int right, string label) =>
        AddJump((byte)((byte)comparison | BpfOpcode.BPF_K | JumpClass(width)), Known(left), 0, right, label);

    /// <summary>Jumps when two registers compare as said.</summary>
    /// <param name="comparison">When to jump.</param>
    /// <param name="width">Bits32 looks at the lower halves only (JMP32, kernel 5.1).</param>
    /// <param name="left">Left side.</param>
    /// <param name="right">Right side.</param>
    /// <param name="label">A label of this function, before or after.</param>
    /// <exception cref="ArgumentOutOfRangeException">A register beyond r10.</exception>
    public BpfAssembler JumpIf(BpfComparison comparison, BpfWidth width, BpfRegister left, BpfRegister right, string label) =>
        AddJump((byte)((byte)comparison | BpfOpcode.BPF_X | JumpClass(width)), Known(left), Known(right), 0, label);

    /// <summary>Calls another function of this program.</summary>
    /// <param name="function">Its name; it may be written later.</param>
    public BpfAssembler Call(string function)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        _calls.Add(new BpfCallReference(Count, function));
        return Add(BpfOpcode.Call, 0, BpfOpcode.BPF_PSEUDO_CALL, 0, -1);
    }

    /// <summary>Calls a helper of the kernel.</summary>
    /// <param name="helper">Its id in <c>enum bpf_func_id</c>; greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id below 1.</exception>
    public BpfAssembler CallHelper(int helper)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(helper, 1);
        return Add(BpfOpcode.Call, 0, 0, 0, helper);
    }

    /// <summary>Leaves the function with r0.</summary>
    public BpfAssembler Exit() => Add(BpfOpcode.Exit, 0, 0, 0, 0);

    private BpfAssembler Add(byte opcode, byte destination, byte source, short offset, int immediate)
    {
        _ = CurrentFunction;
        _instructions.Add(new BpfInstruction(opcode, destination, source, offset, immediate));
        return this;
    }

    private BpfAssembler AddWide(BpfRegister destination, byte source, int low, int high) =>
        Add(BpfOpcode.LoadImmediate64, Writable(destination), source, 0, low).Add(0, 0, 0, 0, high);

    private BpfAssembler AddJump(byte opcode, byte destination, byte source, int immediate, string label)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        _jumps.Add((CurrentFunction, Count, label));
        return Add(opcode, destination, source, 0, immediate);
    }

    private static byte AluClass(BpfWidth width) => width == BpfWidth.Bits64 ? BpfOpcode.BPF_ALU64 : BpfOpcode.BPF_ALU;

    private static byte JumpClass(BpfWidth width) => width == BpfWidth.Bits64 ? BpfOpcode.BPF_JMP : BpfOpcode.BPF_JMP32;

    private static byte Known(BpfRegister register)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)register, (byte)BpfRegister.R10, nameof(register));
        return (byte)register;
    }

    private static byte Writable(BpfRegister register)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)register, (byte)BpfRegister.R9, nameof(register));
        return (byte)register;
    }
}
