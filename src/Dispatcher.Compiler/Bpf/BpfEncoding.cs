using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Dispatcher.Compiler.Bpf;

/// <summary>Instructions as bytes, in either byte order.</summary>
public static class BpfEncoding
{
    private const string Format = "BPF";

    /// <summary>The bytes of a sequence of instructions, 8 each.</summary>
    /// <param name="instructions">What to write; borrowed.</param>
    /// <param name="bigEndian">Byte order of the machine that runs them.</param>
    public static byte[] Encode(ReadOnlySpan<BpfInstruction> instructions, bool bigEndian = false)
    {
        var bytes = new byte[instructions.Length * BpfInstruction.Size];
        for (var i = 0; i < instructions.Length; i++)
            EncodeOne(instructions[i], bytes.AsSpan(i * BpfInstruction.Size, BpfInstruction.Size), bigEndian);
        return bytes;
    }

    /// <summary>Reads instructions; the opcodes themselves are not judged.</summary>
    /// <param name="bytes">Whole instructions.</param>
    /// <param name="bigEndian">Byte order of the bytes.</param>
    /// <exception cref="MalformedObjectException">A length that is no multiple of 8, or a 64-bit load without its second half.</exception>
    public static ImmutableArray<BpfInstruction> Decode(ReadOnlySpan<byte> bytes, bool bigEndian = false)
    {
        if (bytes.Length % BpfInstruction.Size != 0)
            throw new MalformedObjectException(Format, bytes.Length, $"an instruction has {BpfInstruction.Size} bytes");
        var count = bytes.Length / BpfInstruction.Size;
        var instructions = ImmutableArray.CreateBuilder<BpfInstruction>(count);
        for (var i = 0; i < count; i++)
        {
            var instruction = DecodeOne(bytes.Slice(i * BpfInstruction.Size, BpfInstruction.Size), bigEndian);
            instructions.Add(instruction);
            if (!instruction.IsWide)
                continue;
            i++;
            if (i == count)
                throw new MalformedObjectException(Format, bytes.Length, "a 64-bit load has two halves");
            var second = DecodeOne(bytes.Slice(i * BpfInstruction.Size, BpfInstruction.Size), bigEndian);
            if (second is not { Opcode: 0, Destination: 0, Source: 0, Offset: 0 })
                throw new MalformedObjectException(Format, i * BpfInstruction.Size, "the second half of a 64-bit load has nothing but an immediate");
            instructions.Add(second);
        }

        return instructions.MoveToImmutable();
    }

    private static void EncodeOne(BpfInstruction instruction, Span<byte> bytes, bool bigEndian)
    {
        bytes[0] = instruction.Opcode;
        if (bigEndian)
        {
            bytes[1] = (byte)(instruction.Destination << 4 | instruction.Source & 0x0f);
            BinaryPrimitives.WriteInt16BigEndian(bytes[2..], instruction.Offset);
            BinaryPrimitives.WriteInt32BigEndian(bytes[4..], instruction.Immediate);
        }
        else
        {
            bytes[1] = (byte)(instruction.Source << 4 | instruction.Destination & 0x0f);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[2..], instruction.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], instruction.Immediate);
        }
    }

    private static BpfInstruction DecodeOne(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var low = (byte)(bytes[1] & 0x0f);
        var high = (byte)(bytes[1] >> 4);
        return bigEndian
            ? new BpfInstruction(bytes[0], high, low, BinaryPrimitives.ReadInt16BigEndian(bytes[2..]), BinaryPrimitives.ReadInt32BigEndian(bytes[4..]))
            : new BpfInstruction(bytes[0], low, high, BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]));
    }
}
