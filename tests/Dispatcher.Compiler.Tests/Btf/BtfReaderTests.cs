using System.Buffers.Binary;
using Dispatcher.Compiler.Btf;
using static Dispatcher.Compiler.Tests.Btf.BtfRoundTripTests;

namespace Dispatcher.Compiler.Tests.Btf;

public sealed class BtfReaderTests
{
    private const uint Int = 1u << 24;
    private const uint KindFlag = 1u << 31;

    [Theory]
    [InlineData(0, 0x0001eb9eu, "magic")]
    [InlineData(0, 0x0002eb9fu, "revision")]
    [InlineData(0, 0x0101eb9fu, "flag")]
    [InlineData(4, 20u, "header")]
    [InlineData(4, 26u, "header")]
    [InlineData(4, 0xfffffffcu, "header")]
    [InlineData(8, 4u, "without gap")]
    [InlineData(12, 15u, "multiple of 4")]
    [InlineData(16, 12u, "overlap")]
    [InlineData(16, 20u, "overlap")]
    [InlineData(20, 4u, "fill all")]
    [InlineData(20, 0xfffffff0u, "fill all")]
    public void A_broken_header_is_refused_where_it_is_broken(int offset, uint value, string rule)
    {
        byte[] bytes = [.. Words(0x0001eb9f, 24, 0, 16, 16, 5), .. Words(1, Int, 4, 32), .. "\0int\0"u8];
        BtfData.Read(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
        var error = Assert.Throws<MalformedObjectException>(() => BtfData.Read(bytes));
        Assert.Equal("BTF", error.Format);
        Assert.InRange(error.Offset, offset, offset + 3);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "starts with the empty string")]
    [InlineData("int\0", "starts with the empty string")]
    [InlineData("\0int", "ends with a NUL")]
    [InlineData("\0", "a name stands in")]
    public void A_broken_string_section_is_refused(string strings, string rule) => Refused(rule, strings, 1, Int, 4, 32);

    [Theory]
    [InlineData("fit in 128 bits", Int, 16u, 200u)]
    [InlineData("fit in 128 bits", Int, 4u, 33u)]
    [InlineData("SIGNED, CHAR or BOOL", Int, 4u, 32u | 8u << 24)]
    [InlineData("unused bits", Int, 4u, 32u | 1u << 8)]
    [InlineData("unused bits", Int, 4u, 32u | 1u << 28)]
    [InlineData("unused bits of the info word", Int | 1u << 16, 4u, 32u)]
    [InlineData("unused bits of the info word", Int | 1u << 29, 4u, 32u)]
    [InlineData("no elements", Int | 1, 4u, 32u)]
    [InlineData("no kind flag", Int | KindFlag, 4u, 32u)]
    [InlineData("the kind is 1 to 19", 0u, 0u)]
    [InlineData("the kind is 1 to 19", 20u << 24, 0u)]
    [InlineData("the kind is 1 to 19", 31u << 24, 0u)]
    [InlineData("has no name", 2u << 24, 0u)]
    [InlineData("has no name", 3u << 24, 0u, 1u, 1u, 4u)]
    [InlineData("has no name", 13u << 24, 0u)]
    [InlineData("1 more bytes|4 more bytes", Int, 4u)]
    [InlineData("fit in", 4u << 24 | 0xffff, 4u)]
    [InlineData("fit in", 6u << 24 | 2, 4u, 1u, 0u)]
    [InlineData("a member has a type", 4u << 24 | 1, 4u, 0u, 0u, 0u)]
    [InlineData("lies within the 4 bytes", 4u << 24 | 1, 4u, 0u, 1u, 33u)]
    [InlineData("lies within the 4 bytes", 4u << 24 | 1 | KindFlag, 4u, 0u, 1u, 33u << 24)]
    [InlineData("stand at bit 0", 5u << 24 | 1, 4u, 0u, 1u, 8u)]
    [InlineData("1, 2, 4 or 8 bytes", 6u << 24, 3u)]
    [InlineData("has a name", 6u << 24 | 1, 4u, 0u, 7u)]
    [InlineData("neither size nor type", 7u << 24, 1u)]
    [InlineData("at most 1, not 2", 8u << 24, 2u)]
    [InlineData("never in a circle", 8u << 24, 1u)]
    [InlineData("a function has a prototype", 12u << 24, 1u)]
    [InlineData("the linkage is 0 to 2", 12u << 24 | 3, 1u)]
    [InlineData("the linkage is 0 to 2", 14u << 24, 1u, 3u)]
    [InlineData("the linkage is 0 to 2", 14u << 24, 1u, 0x80000000u)]
    [InlineData("a variable has a type", 14u << 24, 0u, 1u)]
    [InlineData("a section holds variables", 15u << 24 | 1, 4u, 1u, 0u, 4u)]
    [InlineData("2, 4, 8, 12 or 16 bytes", 16u << 24, 5u)]
    [InlineData("a tag is on", 17u << 24, 1u, 0xffffffffu)]
    [InlineData("at most 1, not 5", 18u << 24, 5u)]
    public void A_type_that_breaks_a_rule_is_refused(string rule, uint info, params uint[] rest) =>
        Refused(rule, "\0int\0", [1, info, .. rest]);

    [Theory]
    [InlineData("has a name", 7u << 24, 0u)]
    [InlineData("has a name", 8u << 24, 0u)]
    [InlineData("has a name", 15u << 24, 0u)]
    [InlineData("has a name", 18u << 24, 0u)]
    [InlineData("neither size nor type", 3u << 24, 1u, 1u, 1u, 4u)]
    [InlineData("elements and index", 3u << 24, 0u, 1u, 0u, 4u)]
    [InlineData("only the last parameter", 13u << 24 | 2, 0u, 0u, 0u, 0u, 1u)]
    [InlineData("only the last parameter", 13u << 24 | 1, 0u, 1u, 0u)]
    [InlineData("at most 1, not 9", 13u << 24, 9u)]
    public void A_type_without_name_that_breaks_a_rule_is_refused(string rule, uint info, params uint[] rest) =>
        Refused(rule, "\0int\0", [0, info, .. rest]);

    [Fact]
    public void Thirty_two_qualifiers_in_a_row_are_read_and_thirty_three_are_not()
    {
        uint[] Chain(int count) => [1, Int, 4, 32, .. Enumerable.Range(1, count).SelectMany(i => new[] { 0u, 10u << 24, (uint)i })];
        var deepest = BtfData.Read(Bytes("\0int\0", Chain(32)));
        Assert.Equal(new BtfTypeId(1), deepest.Resolve(new BtfTypeId(33)));
        Refused("follow each other", "\0int\0", Chain(33));
    }

    [Fact]
    public void Names_that_are_not_UTF_8_are_refused()
    {
        byte[] bytes = [.. Words(0x0001eb9f, 24, 0, 16, 16, 4), .. Words(1, Int, 4, 32), 0, 0xff, 0xfe, 0];
        Assert.Contains("UTF-8", Assert.Throws<MalformedObjectException>(() => BtfData.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_share_bytes_cannot_spell_out_to_gigabytes()
    {
        var text = new string('a', 100_000);
        var words = Enumerable.Range(1, 90_000).SelectMany(i => new[] { (uint)i, Int, 4u, 32u });
        Refused("spell out", $"\0{text}\0", [.. words]);
    }

    [Fact]
    public void A_type_id_that_is_not_there_is_not_found()
    {
        var btf = BtfSamples.EveryKind();
        Assert.Null(btf.Get<BtfType>(BtfTypeId.Void));
        Assert.Null(btf.Get<BtfType>(new BtfTypeId((uint)btf.Count + 1)));
        Assert.Null(btf.Get<BtfPtr>(new BtfTypeId(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => btf[BtfTypeId.Void]);
        Assert.Throws<ArgumentOutOfRangeException>(() => btf[new BtfTypeId(uint.MaxValue)]);
    }

    [Fact]
    public void A_name_is_found_by_kind_and_the_first_one_wins()
    {
        var builder = new BtfBuilder();
        var first = builder.Add(BtfInt.Of("same", 4));
        builder.Add(BtfInt.Of("same", 8));
        var alias = builder.Add(new BtfTypedef("same", first));
        var btf = builder.Build();
        Assert.Equal(first, btf.Find(BtfKind.Int, "same"));
        Assert.Equal(alias, btf.Find(BtfKind.Typedef, "same"));
        Assert.Null(btf.Find(BtfKind.Struct, "same"));
        Assert.Null(btf.Find(BtfKind.Int, "sam"));
    }

    internal static byte[] Bytes(string strings, params uint[] words)
    {
        var text = System.Text.Encoding.ASCII.GetBytes(strings);
        var size = (uint)words.Length * 4;
        return [.. Words(0x0001eb9f, 24, 0, size, size, (uint)text.Length), .. Words(words), .. text];
    }

    /// <summary>Refused with one of the rules, apart by bars.</summary>
    private static void Refused(string rules, string strings, params uint[] words)
    {
        var error = Assert.Throws<MalformedObjectException>(() => BtfData.Read(Bytes(strings, words)));
        Assert.Contains(rules.Split('|'), rule => error.Message.Contains(rule, StringComparison.Ordinal));
    }
}
