using System.Collections.Immutable;
using Dispatcher.Compiler.Bpf;

namespace Dispatcher.Compiler.Tests.Bpf;

public sealed class BpfEncodingTests
{
    [Fact]
    public void Register_halves_and_numbers_stand_as_the_byte_order_says()
    {
        BpfInstruction[] instruction = [new(0x61, 1, 10, -4, 0x01020304)];

        Assert.Equal([0x61, 0xa1, 0xfc, 0xff, 4, 3, 2, 1], BpfEncoding.Encode(instruction));
        Assert.Equal([0x61, 0x1a, 0xff, 0xfc, 1, 2, 3, 4], BpfEncoding.Encode(instruction, bigEndian: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_instructions_are_read_as_they_were_written(bool bigEndian)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var instructions = RandomInstructions(new Random(seed));
            Assert.Equal(instructions.AsEnumerable(), BpfEncoding.Decode(BpfEncoding.Encode(instructions.AsSpan(), bigEndian), bigEndian));
        }
    }

    [Fact]
    public void Any_bytes_are_read_and_written_again_or_refused_as_malformed()
    {
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(0, 6) * 8 + (random.Next(4) == 0 ? random.Next(8) : 0)];
            random.NextBytes(bytes);
            if (bytes.Length >= 8 && random.Next(3) == 0)
                bytes[^8] = 0x18;
            try
            {
                Assert.Equal(bytes, BpfEncoding.Encode(BpfEncoding.Decode(bytes).AsSpan()));
                read++;
            }
            catch (MalformedObjectException error)
            {
                Assert.Equal("BPF", error.Format);
                refused++;
            }
        }

        Assert.True(read > 500 && refused > 500, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Half_an_instruction_and_half_a_wide_load_are_refused()
    {
        Assert.Throws<MalformedObjectException>(() => BpfEncoding.Decode(new byte[12]));
        Assert.Throws<MalformedObjectException>(() => BpfEncoding.Decode([0x18, 0, 0, 0, 0, 0, 0, 0]));
        var error = Assert.Throws<MalformedObjectException>(() => BpfEncoding.Decode([0x18, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(8, error.Offset);
    }

    private static ImmutableArray<BpfInstruction> RandomInstructions(Random random)
    {
        var instructions = ImmutableArray.CreateBuilder<BpfInstruction>();
        for (var i = random.Next(20); i > 0; i--)
        {
            var instruction = new BpfInstruction(
                (byte)random.Next(256), (byte)random.Next(16), (byte)random.Next(16), (short)random.Next(), random.Next(int.MinValue, int.MaxValue));
            instructions.Add(instruction);
            if (instruction.IsWide)
                instructions.Add(new BpfInstruction(0, 0, 0, 0, random.Next()));
        }

        return instructions.ToImmutable();
    }
}
