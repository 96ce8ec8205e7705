using Dispatcher.Compiler.Btf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Btf;

public sealed class BtfRoundTripTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_is_read_as_it_was_built(bool bigEndian)
    {
        var built = BtfSamples.EveryKind();
        var read = BtfData.Read(built.Encode(bigEndian));
        Assert.Equal(built.Types.AsEnumerable(), read.Types);
        Assert.Equal(bigEndian, read.IsBigEndian);
        Assert.Equal(Enum.GetValues<BtfKind>().Skip(1), read.Types.Select(t => t.Kind).Distinct().Order());
    }

    [Fact]
    public void Random_types_are_read_as_they_were_built_in_both_byte_orders()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var built = new RandomBtf(seed).Make();
            foreach (var bigEndian in new[] { false, true })
            {
                var bytes = built.Encode(bigEndian);
                var read = BtfData.Read(bytes);
                Assert.True(built.Types.SequenceEqual(read.Types), $"seed {seed}, big-endian {bigEndian}: types differ");
                Assert.True(bytes.AsSpan().SequenceEqual(read.Encode(bigEndian)), $"seed {seed}, big-endian {bigEndian}: bytes differ");
                Assert.True(built.Encode(!bigEndian).AsSpan().SequenceEqual(read.Encode(!bigEndian)), $"seed {seed}: the other byte order differs");
            }
        }
    }

    [Theory]
    [InlineData("bpf")]
    [InlineData("bpfeb")]
    public void What_clang_wrote_is_written_again_byte_for_byte(string target)
    {
        var bytes = BtfSamples.SectionOf(BtfSamples.CompileSource("-target", target), ".BTF");
        var btf = BtfData.Read(bytes);
        Assert.Equal(target == "bpfeb", btf.IsBigEndian);
        Assert.Equal(bytes, btf.Encode(btf.IsBigEndian));
        Assert.Equal(btf.Types.AsEnumerable(), BtfData.Read(btf.Encode(!btf.IsBigEndian)).Types);
    }

    [Fact]
    public void Components_in_C_and_the_dispatcher_of_libxdp_are_written_again_byte_for_byte()
    {
        var objects = Directory.GetFiles(Repository.PathOf("bpf"), "*.bpf.c").Select(path => Clang.Compile(path)).ToList();
        objects.AddRange(new[] { "/usr/lib/x86_64-linux-gnu/bpf/xdp-dispatcher.o", "/usr/lib/bpf/xdp-dispatcher.o" }.Where(File.Exists).Select(File.ReadAllBytes));
        Assert.NotEmpty(objects);
        Assert.All(objects, elf =>
        {
            var (bytes, ext) = (BtfSamples.SectionOf(elf, ".BTF"), BtfSamples.SectionOf(elf, ".BTF.ext"));
            var btf = BtfData.Read(bytes);
            Assert.Equal(bytes, btf.Encode());
            Assert.Equal(ext, BtfExt.Read(ext, btf).Encode());
        });
    }

    [Fact]
    public void Strings_that_are_shared_doubled_or_never_used_stay_where_they_were()
    {
        // 1: "xint" whose end is "int", 6: "int" again, 10: a string that nobody names.
        byte[] bytes =
        [
            .. Words(0x0001eb9f, 24, 0, 32, 32, 17),
            .. Words(2, 1u << 24, 4, 32),
            .. Words(6, 1u << 24, 4, 32),
            .. "\0xint\0int\0unused\0"u8,
        ];
        var btf = BtfData.Read(bytes);
        Assert.Equal(["int", "int"], btf.Types.Select(t => t.Name));
        Assert.Equal(btf.Types[0], btf.Types[1]);
        Assert.Equal("unused", btf.GetString(new BtfStringOffset(10)));
        Assert.Equal(bytes, btf.Encode());
    }

    [Fact]
    public void A_longer_header_with_zeros_and_a_kind_layout_are_kept()
    {
        byte[] longer = [.. Words(0x0001eb9f, 36, 0, 16, 16, 5, 0, 0, 0), .. Words(1, 1u << 24, 4, 32), .. "\0int\0"u8];
        byte[] layout = [.. Words(0x0001eb9f, 32, 0, 16, 24, 5, 16, 8), .. Words(1, 1u << 24, 4, 32), .. Words(0, 0x00000004), .. "\0int\0"u8];
        Assert.Equal(longer, BtfData.Read(longer).Encode());
        Assert.Equal(layout, BtfData.Read(layout).Encode());
        Assert.Equal(BtfData.Read(longer).Encode(bigEndian: true), BtfData.Read(layout).Encode(bigEndian: true));
    }

    [Fact]
    public void Vmlinux_is_read_in_full_and_written_again_byte_for_byte()
    {
        Need.Vmlinux();
        var bytes = File.ReadAllBytes(Machine.VmlinuxPath);
        var btf = BtfData.Read(bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(btf.Encode()), "the bytes differ");
        Assert.NotNull(btf.Find(BtfKind.Union, "bpf_attr"));
        var other = btf.Encode(bigEndian: true);
        Assert.True(btf.Types.SequenceEqual(BtfData.Read(other).Types), "the types of the other byte order differ");
        Assert.True(other.AsSpan().SequenceEqual(BtfData.Read(other).Encode(bigEndian: true)), "the bytes of the other byte order differ");
    }

    internal static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];
}
