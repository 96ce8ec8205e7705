using System.Buffers.Binary;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Emit;

namespace Dispatcher.Compiler.Tests.Emit;

/// <summary>A small BPF interpreter for dispatchers: knows what they use and throws on anything else.</summary>
/// <param name="dispatcher">What to run.</param>
/// <param name="config">Value of the config map.</param>
internal sealed class BpfMachine(DispatcherObject dispatcher, byte[] config)
{
    /// <summary>How <see cref="Components"/> is asked for compat_test.</summary>
    public const int CompatTest = 10;

    private const ulong ContextAddress = 0x1000_0000_0000;
    private const ulong ConfigAddress = 0x2000_0000_0000;
    private const ulong PacketAddress = 0x3000_0000;
    private const ulong Noise = 0xbad0_bad0_0000_0000;
    private const int MaxSteps = 1000;

    /// <summary>What a slot returns; null runs the stub that the dispatcher has.</summary>
    public Func<int, uint>? Components { get; init; }

    /// <summary>The packet that stubs may read.</summary>
    public byte[] Packet { get; init; } = [];

    /// <summary>Instructions of the entry function that ran.</summary>
    public int EntrySteps { get; private set; }

    /// <summary>Runs the dispatcher once.</summary>
    /// <returns>What the kernel sees: the lower 32 bits of r0.</returns>
    public uint Run() => (uint)RunFunction(dispatcher.Functions[0], isEntry: true);

    private ulong RunFunction(DispatcherFunction function, bool isEntry)
    {
        var registers = (stackalloc ulong?[11]);
        registers[1] = ContextAddress;
        var instructions = dispatcher.Instructions.AsSpan();
        var steps = 0;
        for (var pc = function.Start; ; pc++)
        {
            if (pc < function.Start || pc >= function.Start + function.Count)
                throw new InvalidOperationException($"{function.Name} runs to {pc}.");
            if (++steps > MaxSteps)
                throw new InvalidOperationException($"{function.Name} does not end.");
            EntrySteps += isEntry ? 1 : 0;
            var instruction = instructions[pc];
            if (instruction.IsExit)
                return Value(registers, 0);
            if (instruction.IsFunctionCall || instruction.IsHelperCall)
                Call(registers, instruction, pc);
            else if (instruction.IsWide)
                registers[instruction.Destination] = LoadWide(instruction, instructions[++pc]);
            else if (instruction.IsJump)
                pc += IsTaken(registers, instruction) ? instruction.Offset : 0;
            else if ((instruction.Opcode & 7) == 1)
                registers[instruction.Destination] = Load(instruction, Value(registers, instruction.Source));
            else
                registers[instruction.Destination] = Compute(registers, instruction);
        }
    }

    private void Call(Span<ulong?> registers, BpfInstruction instruction, int pc)
    {
        if (Value(registers, 1) != ContextAddress)
            throw new InvalidOperationException($"The call at {pc} does not pass the context.");
        ulong result;
        if (instruction.IsHelperCall)
        {
            if (instruction.Immediate != 65 || Value(registers, 2) != 0)
                throw new InvalidOperationException($"The call at {pc} is not bpf_xdp_adjust_tail(ctx, 0).");
            result = Noise;
        }
        else
        {
            var index = IndexOf(pc + 1 + instruction.Immediate);
            result = Components is null ? RunFunction(dispatcher.Functions[index], isEntry: false) : Noise | Components(index - 1);
        }

        registers[0] = result;
        for (var i = 1; i <= 5; i++)
            registers[i] = null;
    }

    // The entry comes first, then the stubs in order, then compat_test.
    private int IndexOf(int start)
    {
        for (var i = 0; i < dispatcher.Functions.Length; i++)
        {
            if (dispatcher.Functions[i].Start == start)
                return i;
        }

        throw new InvalidOperationException($"No function starts at {start}.");
    }

    private static ulong LoadWide(BpfInstruction first, BpfInstruction second) => first.Source switch
    {
        0 => (ulong)(uint)second.Immediate << 32 | (uint)first.Immediate,
        2 => ConfigAddress + (uint)second.Immediate,
        _ => throw new InvalidOperationException($"Load of pseudo source {first.Source}."),
    };

    private ulong Load(BpfInstruction instruction, ulong address)
    {
        var place = address + (ulong)instruction.Offset;
        return (instruction.Opcode, place) switch
        {
            (0x61, ContextAddress) => PacketAddress,
            (0x61, ContextAddress + 4) => PacketAddress + (ulong)Packet.Length,
            (0x61, >= ConfigAddress) => BinaryPrimitives.ReadUInt32LittleEndian(config.AsSpan((int)(place - ConfigAddress))),
            (0x71, >= ConfigAddress) => config[place - ConfigAddress],
            (0x61, >= PacketAddress) => BinaryPrimitives.ReadUInt32LittleEndian(Packet.AsSpan((int)(place - PacketAddress))),
            _ => throw new InvalidOperationException($"Load {instruction} of {place:x}."),
        };
    }

    private static ulong Compute(Span<ulong?> registers, BpfInstruction instruction)
    {
        var operand = (instruction.Opcode & 8) != 0 ? Value(registers, instruction.Source) : (ulong)(long)instruction.Immediate;
        return instruction.Opcode switch
        {
            0xb7 or 0xbf => operand,
            0x07 => Value(registers, instruction.Destination) + operand,
            0x7c => (uint)Value(registers, instruction.Destination) >> (int)(operand & 31),
            _ => throw new InvalidOperationException($"Arithmetic {instruction}."),
        };
    }

    private static bool IsTaken(Span<ulong?> registers, BpfInstruction instruction)
    {
        var left = Value(registers, instruction.Destination);
        var right = (instruction.Opcode & 8) != 0 ? Value(registers, instruction.Source) : (ulong)(long)instruction.Immediate;
        if ((instruction.Opcode & 7) == 6)
            (left, right) = ((uint)left, (uint)right);
        return (BpfComparison)(instruction.Opcode & 0xf0) switch
        {
            BpfComparison.Equal => left == right,
            BpfComparison.NotEqual => left != right,
            BpfComparison.Above => left > right,
            BpfComparison.Below => left < right,
            BpfComparison.BelowOrEqual => left <= right,
            BpfComparison.AnyBitSet => (left & right) != 0,
            _ => throw new InvalidOperationException($"Jump {instruction}."),
        };
    }

    private static ulong Value(Span<ulong?> registers, int register) =>
        registers[register] ?? throw new InvalidOperationException($"r{register} is read before it is set, or after a call.");
}
