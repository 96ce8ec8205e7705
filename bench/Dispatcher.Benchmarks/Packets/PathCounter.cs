using System.Buffers.Binary;
using Dispatcher.Compiler.Bpf;

namespace Dispatcher.Benchmarks.Packets;

/// <summary>Counts the instructions of an entry function that run when every component lets the packet pass.</summary>
/// <remarks>
/// Takes the translated instructions, as the kernel gives them back: what the verifier removed does not count. A call counts as
/// one, and what is called does not. Knows what dispatchers use and throws on anything else.
/// </remarks>
internal static class PathCounter
{
    private const ulong ConfigAddress = 1UL << 40;
    private const ulong StackTop = 1UL << 41;
    private const ulong Pass = 2;
    private const int StackBytes = 512;
    private const int LongestPath = 10_000;

    private const byte ClassMask = 0x07;
    private const byte OperationMask = 0xf0;
    private const byte BPF_LDX = 0x01;
    private const byte BPF_STX = 0x03;
    private const byte BPF_ALU = 0x04;
    private const byte BPF_JMP32 = 0x06;
    private const byte BPF_ALU64 = 0x07;
    private const byte BPF_X = 0x08;

    /// <summary>Runs the entry function.</summary>
    public static int Count(RunnableProgram program)
    {
        var code = BpfEncoding.Decode(program.Code);
        var registers = new ulong[11];
        var stack = new byte[StackBytes];
        registers[10] = StackTop;
        var place = 0;
        for (var count = 1; count < LongestPath; count++)
        {
            var next = code[place++];
            if (next.IsExit)
                return registers[0] == Pass ? count : throw new InvalidOperationException($"The path ends with verdict {registers[0]}.");
            if (next.IsFunctionCall)
                registers[0] = Pass;
            else if (next.IsWide)
                registers[next.Destination] = next.Source == 0 ? (uint)next.Immediate | (ulong)code[place++].Immediate << 32 : ConfigAddress + (uint)code[place++].Immediate;
            else if (next.IsJump)
                place += IsTaken(next, registers) ? next.Offset : 0;
            else
                Step(next, registers, program.Config, stack);
        }

        throw new InvalidOperationException("The path does not end.");
    }

    private static void Step(BpfInstruction step, ulong[] registers, byte[] config, byte[] stack)
    {
        switch (step.Opcode & ClassMask)
        {
            case BPF_LDX:
                registers[step.Destination] = Load(MemoryAt(registers[step.Source] + (ulong)step.Offset, config, stack), step.Opcode);
                break;
            case BPF_STX:
                Store(MemoryAt(registers[step.Destination] + (ulong)step.Offset, config, stack), step.Opcode, registers[step.Source]);
                break;
            case BPF_ALU64:
                registers[step.Destination] = Compute(step, registers[step.Destination], OperandOf(step, registers));
                break;
            case BPF_ALU:
                registers[step.Destination] = (uint)Compute(step, (uint)registers[step.Destination], (uint)OperandOf(step, registers));
                break;
            default:
                throw new InvalidOperationException($"A dispatcher with {step} is not known.");
        }
    }

    private static ulong OperandOf(BpfInstruction step, ulong[] registers) =>
        (step.Opcode & BPF_X) != 0 ? registers[step.Source] : (ulong)(long)step.Immediate;

    private static Span<byte> MemoryAt(ulong address, byte[] config, byte[] stack) => address switch
    {
        >= StackTop - StackBytes => stack.AsSpan((int)(address - (StackTop - StackBytes))),
        >= ConfigAddress => config.AsSpan((int)(address - ConfigAddress)),
        _ => throw new InvalidOperationException("A dispatcher that reads the packet is not known."),
    };

    private static ulong Load(ReadOnlySpan<byte> memory, byte opcode) => SizeOf(opcode) switch
    {
        1 => memory[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(memory),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(memory),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(memory),
    };

    private static void Store(Span<byte> memory, byte opcode, ulong value)
    {
        for (var i = 0; i < SizeOf(opcode); i++)
            memory[i] = (byte)(value >> 8 * i);
    }

    private static int SizeOf(byte opcode) => (opcode & 0x18) switch { 0x10 => 1, 0x08 => 2, 0x00 => 4, _ => 8 };

    private static ulong Compute(BpfInstruction step, ulong left, ulong right)
    {
        var bits = (step.Opcode & ClassMask) == BPF_ALU ? 31 : 63;
        return (step.Opcode & OperationMask) switch
        {
            0x00 => left + right,
            0x10 => left - right,
            0x40 => left | right,
            0x50 => left & right,
            0x60 => left << (int)(right & (ulong)bits),
            0x70 => left >> (int)(right & (ulong)bits),
            0xa0 => left ^ right,
            0xb0 => right,
            0xc0 => bits == 31 ? (uint)((int)left >> (int)(right & 31)) : (ulong)((long)left >> (int)(right & 63)),
            _ => throw new InvalidOperationException($"A dispatcher with {step} is not known."),
        };
    }

    private static bool IsTaken(BpfInstruction jump, ulong[] registers)
    {
        var (left, right) = (registers[jump.Destination], OperandOf(jump, registers));
        if ((jump.Opcode & ClassMask) == BPF_JMP32)
            (left, right) = ((uint)left, (uint)right);
        return (jump.Opcode & OperationMask) switch
        {
            0x00 => true,
            0x10 => left == right,
            0x20 => left > right,
            0x30 => left >= right,
            0x40 => (left & right) != 0,
            0x50 => left != right,
            0xa0 => left < right,
            0xb0 => left <= right,
            _ => throw new InvalidOperationException($"A dispatcher with {jump} is not known."),
        };
    }
}
