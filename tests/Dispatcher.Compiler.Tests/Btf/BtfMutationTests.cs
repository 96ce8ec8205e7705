using System.Buffers.Binary;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;

namespace Dispatcher.Compiler.Tests.Btf;

public sealed class BtfMutationTests
{
    private static readonly uint[] Edges = [0, 1, 2, 0x7f, 0xff, 0xffff, 0x10000, 0xffffff, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];

    [Fact]
    public void Mutated_BTF_is_refused_as_malformed_or_written_again_byte_for_byte()
    {
        byte[][] originals =
        [
            BtfSamples.EveryKind().Encode(),
            BtfSamples.EveryKind().Encode(bigEndian: true),
            BtfSamples.SectionOf(BtfSamples.CompileSource(), ".BTF"),
        ];
        var (refused, accepted) = (0, 0);
        for (var seed = 0; seed < 9000; seed++)
        {
            var mutant = Mutate(originals[seed % originals.Length], new Random(seed));
            try
            {
                var btf = BtfData.Read(mutant);
                accepted++;
                Assert.True(mutant.AsSpan().SequenceEqual(btf.Encode(btf.IsBigEndian)), $"seed {seed}: written differently");
                UseAll(btf);
            }
            catch (MalformedObjectException)
            {
                refused++;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        // Both must happen often, or the mutations are too blunt or too weak to show anything.
        Assert.True(refused > 1000 && accepted > 1000, $"{refused} refused, {accepted} accepted");
    }

    [Fact]
    public void Mutated_BTF_ext_is_refused_as_malformed_or_means_the_same_when_written_again()
    {
        var elf = BtfSamples.CompileSource();
        var btf = BtfData.Read(BtfSamples.SectionOf(elf, ".BTF"));
        var original = BtfSamples.SectionOf(elf, ".BTF.ext");
        var (refused, accepted) = (0, 0);
        for (var seed = 0; seed < 6000; seed++)
        {
            var mutant = Mutate(original, new Random(seed));
            try
            {
                var ext = BtfExt.Read(mutant, btf);
                accepted++;
                Assert.Equal(ext, BtfExt.Read(ext.Encode(), btf));
            }
            catch (MalformedObjectException)
            {
                refused++;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        Assert.True(refused > 1000 && accepted > 200, $"{refused} refused, {accepted} accepted");
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var bytes = BtfSamples.EveryKind().Encode();
        for (var size = 0; size < bytes.Length; size++)
            Assert.Throws<MalformedObjectException>(() => BtfData.Read(bytes.AsSpan(0, size)));
    }

    private static void UseAll(BtfData btf)
    {
        Assert.Equal(btf.Count > 0, BtfText.Render(btf).StartsWith('['));
        for (var id = 0u; id <= btf.Count; id++)
        {
            Assert.NotEmpty(BtfC.Describe(btf, new BtfTypeId(id)));
            Assert.Null(btf.Get<BtfModifier>(btf.Resolve(new BtfTypeId(id))));
        }

        DispatcherMarker.ReadVersion(btf);
        RunConfigReader.Read(btf, "outer");
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var offset = random.Next(bytes.Length);
            var word = bytes.AsSpan(offset & ~3);
            switch (random.Next(20))
            {
                case 0:
                    bytes = bytes[..offset];
                    break;
                case 1:
                    bytes = [.. bytes[..offset], .. bytes[random.Next(bytes.Length)..]];
                    break;
                case < 8 when word.Length >= 4:
                    BinaryPrimitives.WriteUInt32LittleEndian(word, Edges[random.Next(Edges.Length)]);
                    break;
                case < 14 when word.Length >= 4:
                    BinaryPrimitives.WriteUInt32LittleEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word) + (uint)random.Next(-3, 4));
                    break;
                default:
                    bytes[offset] ^= (byte)(1 << random.Next(8));
                    break;
            }

            if (bytes.Length == 0)
                break;
        }

        return bytes;
    }
}
