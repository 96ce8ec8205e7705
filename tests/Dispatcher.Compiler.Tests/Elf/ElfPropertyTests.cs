using Dispatcher.Compiler.Elf;

namespace Dispatcher.Compiler.Tests.Elf;

public sealed class ElfPropertyTests
{
    private const int Mutations = 4000;

    [Fact]
    public void Any_model_that_is_written_reads_back_equal()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var elf = ElfRandomModels.Make(seed);
            var file = ElfWriter.Write(elf);
            Assert.True(elf.Equals(ElfReader.Read(file)), $"seed {seed}");
            Assert.True(file.AsSpan().SequenceEqual(ElfWriter.Write(ElfReader.Read(file))), $"seed {seed}: written again, other bytes");
        }
    }

    [Fact]
    public void Models_of_different_seeds_are_different()
    {
        var models = Enumerable.Range(0, 40).Select(ElfRandomModels.Make).ToList();
        Assert.All(models, (left, i) => Assert.All(models, (right, j) => Assert.True(left.Equals(right) == (i == j), $"seeds {i} and {j}")));
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("clang")]
    [InlineData("clang-big")]
    [InlineData("libxdp")]
    public void Every_truncation_is_refused(string sample)
    {
        var file = Sample(sample);
        var step = Math.Max(1, file.Length / 3000);
        for (var size = 0; size < file.Length; size += step)
        {
            var truncated = file.AsMemory(0, size);
            // The section headers come last but for padding: without their end nothing can be read.
            Assert.Throws<MalformedObjectException>(() => ElfReader.Read(truncated));
        }
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("clang")]
    [InlineData("clang-big")]
    [InlineData("libxdp")]
    public void A_mutated_object_is_read_or_refused_and_costs_little(string sample)
    {
        var original = Sample(sample);
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < Mutations; seed++)
        {
            var file = Mutate(original, seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Use(ElfReader.Read(file));
                read++;
            }
            catch (MalformedObjectException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{sample}, seed {seed}: {e}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 100L * original.Length + 1_000_000, $"{sample}, seed {seed}: {allocated} bytes allocated");
        }

        Assert.True(read > 0 && refused > Mutations / 10, $"{read} read, {refused} refused: the mutations reach nothing");
    }

    private static byte[] Sample(string sample) => sample switch
    {
        "tiny" => ElfWriter.Write(ElfSamples.Tiny()),
        "clang" => ElfSamples.Rich(),
        "clang-big" => ElfSamples.Rich("-target", "bpfeb"),
        _ => ElfSamples.LibxdpDispatcher(),
    };

    /// <summary>Touches everything, so that a lie that the reader let through shows.</summary>
    private static void Use(ElfObject elf)
    {
        foreach (var section in elf.Sections)
            Assert.True(section.Type == ElfSectionType.NoBits || section.Size == section.Data.Length);
        Assert.NotEmpty(ElfText.Render(elf));
        try
        {
            Assert.Equal(elf, ElfReader.Read(ElfWriter.Write(elf)));
        }
        catch (ArgumentException e) when (e.Message.Contains("A name has at most", StringComparison.Ordinal))
        {
            // Only the name of a relocation section, which the writer makes longer than the target's, can be too long.
        }
    }

    /// <summary>One to four changes: half of them in headers and tables, where the structure is.</summary>
    private static byte[] Mutate(byte[] original, int seed)
    {
        var random = new Random(seed);
        var file = original.ToArray();
        var headers = (int)(file[5] == 2
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan(40))
            : System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(40)));
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var offset = random.Next(4) switch
            {
                0 => random.Next(64),
                1 => random.Next(headers, file.Length),
                _ => random.Next(file.Length),
            };
            file[offset] = random.Next(4) switch
            {
                0 => (byte)(file[offset] ^ 1 << random.Next(8)),
                1 => 0xff,
                2 => 0,
                _ => (byte)random.Next(256),
            };
        }

        return file;
    }
}
