using System.Globalization;

namespace Dispatcher.Compiler.Bpf;

/// <summary>One instruction as text, in the notation of llvm-objdump and of the kernel's own dumps.</summary>
internal static class BpfInstructionText
{
    /// <summary>The text of one instruction.</summary>
    /// <param name="instruction">The instruction, or the first half of a wide one.</param>
    /// <param name="second">The second half of a wide one; otherwise not looked at.</param>
    /// <param name="target">Name of the place that a jump or a call between functions goes to; its distance when null.</param>
    public static string Format(BpfInstruction instruction, BpfInstruction second, string? target)
    {
        FormattableString? text = (instruction.Opcode & BpfOpcode.ClassMask) switch
        {
            BpfOpcode.BPF_ALU => Alu(instruction, 'w'),
            BpfOpcode.BPF_ALU64 => Alu(instruction, 'r'),
            BpfOpcode.BPF_JMP => Jump(instruction, 'r', target),
            BpfOpcode.BPF_JMP32 => Jump(instruction, 'w', target),
            BpfOpcode.BPF_LD => Load(instruction, second),
            BpfOpcode.BPF_LDX => LoadMemory(instruction),
            _ => Store(instruction),
        };
        text ??= $"unknown {instruction.Opcode:x2} dst={instruction.Destination} src={instruction.Source} off={instruction.Offset} imm={instruction.Immediate}";
        return text.ToString(CultureInfo.InvariantCulture);
    }

    private static FormattableString? Alu(BpfInstruction instruction, char prefix)
    {
        var destination = instruction.Destination;
        switch (instruction.Opcode & BpfOpcode.OperationMask)
        {
            case BpfOpcode.BPF_NEG:
                return $"{prefix}{destination} = -{prefix}{destination}";
            case BpfOpcode.BPF_END:
                var order = prefix == 'r' ? "bswap" : UsesRegister(instruction) ? "be" : "le";
                return $"r{destination} = {order}{instruction.Immediate} r{destination}";
            default:
                if (AluSymbol(instruction) is not { } symbol)
                    return null;
                return UsesRegister(instruction)
                    ? (FormattableString)$"{prefix}{destination} {symbol} {prefix}{instruction.Source}"
                    : $"{prefix}{destination} {symbol} {instruction.Immediate}";
        }
    }

    private static FormattableString? Jump(BpfInstruction instruction, char prefix, string? target)
    {
        if (instruction.Opcode == BpfOpcode.Exit)
            return $"exit";
        if (instruction.Opcode == BpfOpcode.Call)
            return Call(instruction, target);
        if (!instruction.IsJump)
            return null;
        var place = target ?? Signed(instruction.Offset);
        if (instruction.IsUnconditionalJump)
            return $"goto {place}";
        if (JumpSymbol(instruction) is not { } symbol)
            return null;
        return UsesRegister(instruction)
            ? (FormattableString)$"if {prefix}{instruction.Destination} {symbol} {prefix}{instruction.Source} goto {place}"
            : $"if {prefix}{instruction.Destination} {symbol} {instruction.Immediate} goto {place}";
    }

    private static FormattableString Call(BpfInstruction instruction, string? target) => instruction.Source switch
    {
        BpfOpcode.BPF_PSEUDO_CALL when target is not null => $"call {target}",
        BpfOpcode.BPF_PSEUDO_KFUNC_CALL => $"call kfunc {instruction.Immediate}",
        0 when BpfHelperNames.Find(instruction.Immediate) is { } name => $"call {name}#{instruction.Immediate}",
        _ => $"call {instruction.Immediate}",
    };

    private static FormattableString? Load(BpfInstruction instruction, BpfInstruction second)
    {
        var mode = instruction.Opcode & BpfOpcode.ModeMask;
        if (instruction.IsWide)
        {
            return instruction.Source switch
            {
                BpfOpcode.BPF_PSEUDO_MAP_FD => $"r{instruction.Destination} = map[fd:{instruction.Immediate}]",
                BpfOpcode.BPF_PSEUDO_MAP_VALUE => $"r{instruction.Destination} = map[fd:{instruction.Immediate}][0]+{second.Immediate}",
                _ => $"r{instruction.Destination} = {(long)second.Immediate << 32 | (uint)instruction.Immediate} ll",
            };
        }

        return mode switch
        {
            BpfOpcode.BPF_ABS => $"r0 = *({SizeName(instruction)} *)skb[{instruction.Immediate}]",
            BpfOpcode.BPF_IND => $"r0 = *({SizeName(instruction)} *)skb[r{instruction.Source}]",
            _ => null,
        };
    }

    private static FormattableString? LoadMemory(BpfInstruction instruction) => (instruction.Opcode & BpfOpcode.ModeMask) switch
    {
        BpfOpcode.BPF_MEM => $"r{instruction.Destination} = *({SizeName(instruction)} *)(r{instruction.Source} {SignedApart(instruction.Offset)})",
        BpfOpcode.BPF_MEMSX => $"r{instruction.Destination} = *(s{SizeName(instruction)[1..]} *)(r{instruction.Source} {SignedApart(instruction.Offset)})",
        _ => null,
    };

    private static FormattableString? Store(BpfInstruction instruction)
    {
        var isStore = (instruction.Opcode & BpfOpcode.ClassMask) == BpfOpcode.BPF_STX;
        return (instruction.Opcode & BpfOpcode.ModeMask, isStore) switch
        {
            (BpfOpcode.BPF_MEM, true) => $"*{Place(instruction)} = r{instruction.Source}",
            (BpfOpcode.BPF_MEM, false) => $"*{Place(instruction)} = {instruction.Immediate}",
            (BpfOpcode.BPF_ATOMIC, true) => Atomic(instruction),
            _ => null,
        };
    }

    private static FormattableString? Atomic(BpfInstruction instruction)
    {
        var is64Bit = (instruction.Opcode & BpfOpcode.SizeMask) == BpfOpcode.BPF_DW;
        var register = (is64Bit ? "r" : "w") + instruction.Source.ToString(CultureInfo.InvariantCulture);
        var address = $"r{instruction.Destination} {SignedApart(instruction.Offset)}";
        if (instruction.Immediate == BpfOpcode.BPF_XCHG)
            return $"{register} = {(is64Bit ? "xchg_64" : "xchg32_32")}({address}, {register})";
        if (instruction.Immediate == BpfOpcode.BPF_CMPXCHG)
            return $"{register[0]}0 = {(is64Bit ? "cmpxchg_64" : "cmpxchg32_32")}({address}, {register[0]}0, {register})";
        (string Symbol, string Name)? operation = (instruction.Immediate & ~BpfOpcode.BPF_FETCH) switch
        {
            (int)BpfAluOperation.Add => ("+", "add"),
            (int)BpfAluOperation.Or => ("|", "or"),
            (int)BpfAluOperation.And => ("&", "and"),
            (int)BpfAluOperation.Xor => ("^", "xor"),
            _ => null,
        };
        if (operation is not var (symbol, name))
            return null;
        return (instruction.Immediate & BpfOpcode.BPF_FETCH) != 0
            ? (FormattableString)$"{register} = atomic_fetch_{name}({Place(instruction)}, {register})"
            : $"lock *{Place(instruction)} {symbol}= r{instruction.Source}";
    }

    private static string Place(BpfInstruction instruction) =>
        $"({SizeName(instruction)} *)(r{instruction.Destination} {SignedApart(instruction.Offset)})";

    private static string? AluSymbol(BpfInstruction instruction) => (BpfAluOperation)(instruction.Opcode & BpfOpcode.OperationMask) switch
    {
        BpfAluOperation.Add => "+=",
        BpfAluOperation.Subtract => "-=",
        BpfAluOperation.Multiply => "*=",
        BpfAluOperation.Divide => instruction.Offset == 0 ? "/=" : "s/=",
        BpfAluOperation.Or => "|=",
        BpfAluOperation.And => "&=",
        BpfAluOperation.ShiftLeft => "<<=",
        BpfAluOperation.ShiftRight => ">>=",
        BpfAluOperation.Modulo => instruction.Offset == 0 ? "%=" : "s%=",
        BpfAluOperation.Xor => "^=",
        BpfAluOperation.Move => instruction.Offset == 0 ? "=" : Extending(instruction.Offset),
        BpfAluOperation.ShiftRightSigned => "s>>=",
        _ => null,
    };

    private static string? Extending(short bits) => bits switch
    {
        8 => "= (s8)",
        16 => "= (s16)",
        32 => "= (s32)",
        _ => null,
    };

    private static string? JumpSymbol(BpfInstruction instruction) => (BpfComparison)(instruction.Opcode & BpfOpcode.OperationMask) switch
    {
        BpfComparison.Equal => "==",
        BpfComparison.Above => ">",
        BpfComparison.AboveOrEqual => ">=",
        BpfComparison.AnyBitSet => "&",
        BpfComparison.NotEqual => "!=",
        BpfComparison.Greater => "s>",
        BpfComparison.GreaterOrEqual => "s>=",
        BpfComparison.Below => "<",
        BpfComparison.BelowOrEqual => "<=",
        BpfComparison.Less => "s<",
        BpfComparison.LessOrEqual => "s<=",
        _ => null,
    };

    private static bool UsesRegister(BpfInstruction instruction) => (instruction.Opcode & BpfOpcode.BPF_X) != 0;

    private static string SizeName(BpfInstruction instruction) => (BpfSize)(instruction.Opcode & BpfOpcode.SizeMask) switch
    {
        BpfSize.Byte => "u8",
        BpfSize.Half => "u16",
        BpfSize.Word => "u32",
        _ => "u64",
    };

    private static string Signed(int value) => (value < 0 ? "" : "+") + value.ToString(CultureInfo.InvariantCulture);

    private static string SignedApart(int value) => (value < 0 ? "- " : "+ ") + Math.Abs(value).ToString(CultureInfo.InvariantCulture);
}
