using Dispatcher.Compiler.Btf;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Btf;

/// <summary>bpftool prints the same types; it reads the bytes with libbpf, so it judges our encoder too.</summary>
public sealed class BtfTextTests
{
    [Theory]
    [InlineData("bpf")]
    [InlineData("bpfeb")]
    public void Text_of_a_clang_object_equals_that_of_bpftool(string target)
    {
        var elf = BtfSamples.CompileSource("-target", target);
        EqualsBpftool(elf, BtfData.Read(BtfSamples.SectionOf(elf, ".BTF")));
    }

    [Fact]
    public void Text_of_what_we_encoded_equals_that_of_bpftool() => EqualsBpftool(BtfSamples.EveryKind().Encode(), BtfSamples.EveryKind());

    [Fact]
    public void Text_of_random_types_equals_that_of_bpftool()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var btf = new RandomBtf(seed).Make();
            EqualsBpftool(btf.Encode(), btf);
        }
    }

    [Fact]
    public void Text_of_vmlinux_equals_that_of_bpftool()
    {
        Need.Vmlinux();
        EqualsLines(Tool.Run("bpftool", "btf", "dump", "file", Machine.VmlinuxPath).OrFail().Output, BtfText.Render(BtfData.Read(File.ReadAllBytes(Machine.VmlinuxPath))));
    }

    [Fact]
    public void Text_of_every_kind_stays_as_it_is() => Snapshot.Verify(BtfText.Render(BtfSamples.EveryKind()));

    [Fact]
    public void One_type_is_the_same_text_as_in_the_whole()
    {
        var btf = BtfSamples.EveryKind();
        Assert.Equal(BtfText.Render(btf), string.Concat(Enumerable.Range(1, btf.Count).Select(id => BtfText.Render(btf, new BtfTypeId((uint)id)))));
    }

    [Theory]
    [InlineData("plain name", "plain name")]
    [InlineData("é 漢", "é 漢")]
    [InlineData("red \x1b[31m", "red \\x1b[31m")]
    [InlineData("two\nlines\ttab\u007f", "two\\x0alines\\x09tab\\x7f")]
    [InlineData("turned \u202e over \u2028", "turned \\x202e over \\x2028")]
    public void Control_characters_in_names_are_escaped(string name, string expected)
    {
        var builder = new BtfBuilder();
        builder.Add(BtfInt.Of(name, 4));
        Assert.Equal($"[1] INT '{expected}' size=4 bits_offset=0 nr_bits=32 encoding=(none)\n", BtfText.Render(builder.Build()));
    }

    [Fact]
    public void A_name_of_megabytes_that_many_members_share_is_cut()
    {
        uint[] members = [.. Enumerable.Repeat(new[] { 1u, 1u, 0u }, 10_000).SelectMany(words => words)];
        var bytes = BtfReaderTests.Bytes($"\0{new string('n', 1_000_000)}\0", [0, 5u << 24 | 10_000, 4, .. members]);
        Assert.InRange(BtfText.Render(BtfData.Read(bytes)).Length, 5_000_000, 6_000_000);
    }

    [Fact]
    public void A_name_of_control_characters_that_many_members_share_is_cut_where_its_text_is_long()
    {
        var builder = new BtfBuilder();
        var number = builder.Add(BtfInt.Of("int", 4));
        builder.Add(new BtfStruct("s", 4, [.. Enumerable.Repeat(new BtfMember(new string('\u0001', 1000), number, 0), 1000)]));
        Assert.InRange(BtfText.Render(builder.Build()).Length, 500_000, 600_000);
    }

    private static void EqualsBpftool(byte[] file, BtfData btf)
    {
        using var folder = new TempFolder();
        var path = folder.Write("file", file);
        EqualsLines(Tool.Run("bpftool", "btf", "dump", "file", path).OrFail().Output, BtfText.Render(btf));
    }

    /// <summary>Compares line by line: a difference in the whole of vmlinux would print megabytes.</summary>
    private static void EqualsLines(string expected, string actual)
    {
        var (left, right) = (expected.Split('\n'), actual.Split('\n'));
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
            Assert.Equal(left[i], right[i]);
        Assert.Equal(left.Length, right.Length);
    }
}
