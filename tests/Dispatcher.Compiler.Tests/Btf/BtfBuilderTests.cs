using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Tests.Btf;

public sealed class BtfBuilderTests
{
    [Fact]
    public void The_same_calls_give_the_same_bytes() => Assert.Equal(BtfSamples.EveryKind().Encode(), BtfSamples.EveryKind().Encode());

    [Fact]
    public void An_equal_type_is_interned_once_and_added_twice()
    {
        var builder = new BtfBuilder();
        var first = builder.Intern(new BtfStruct("s", 4, [new("m", new BtfTypeId(3), 0)]));
        Assert.Equal(first, builder.Intern(new BtfStruct("s", 4, [new("m", new BtfTypeId(3), 0)])));
        Assert.NotEqual(first, builder.Intern(new BtfStruct("s", 4, [new("n", new BtfTypeId(3), 0)])));
        Assert.NotEqual(first, builder.Intern(new BtfUnion("s", 4, [new("m", new BtfTypeId(3), 0)])));
        Assert.NotEqual(first, builder.Add(new BtfStruct("s", 4, [new("m", new BtfTypeId(3), 0)])));
    }

    [Fact]
    public void A_name_stands_once_in_the_string_section_and_keeps_the_offset_that_was_given()
    {
        var builder = new BtfBuilder();
        var line = builder.AddString("int x = 1;");
        builder.Add(BtfInt.Of("int", 4));
        builder.Add(new BtfTypedef("int", new BtfTypeId(1)));
        Assert.Equal(line, builder.AddString("int x = 1;"));
        Assert.Equal(default, builder.AddString(""));
        var bytes = builder.Build().Encode();
        Assert.Equal("\0int x = 1;\0int\0", System.Text.Encoding.ASCII.GetString(bytes.AsSpan(24 + 16 + 12)));
        Assert.Equal("int x = 1;", BtfData.Read(bytes).GetString(line));
    }

    [Fact]
    public void A_string_with_a_NUL_or_half_a_character_is_refused()
    {
        var builder = new BtfBuilder();
        Assert.Throws<ArgumentException>(() => builder.AddString("a\0b"));
        Assert.ThrowsAny<ArgumentException>(() => builder.Add(BtfInt.Of("\ud800", 4)));
    }

    [Fact]
    public void A_reserved_type_is_set_once_and_before_the_end()
    {
        var builder = new BtfBuilder();
        var id = builder.Reserve();
        Assert.Contains("never set", Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
        builder.Set(id, BtfInt.Of("int", 4));
        Assert.Throws<ArgumentException>(() => builder.Set(id, BtfInt.Of("int", 4)));
        Assert.Throws<ArgumentException>(() => builder.Set(new BtfTypeId(2), BtfInt.Of("int", 4)));
        Assert.Throws<ArgumentException>(() => builder.Set(BtfTypeId.Void, BtfInt.Of("int", 4)));
        Assert.Equal(1, builder.Build().Count);
    }

    public static TheoryData<BtfType, string> BrokenTypes => new()
    {
        { new BtfPtr(new BtfTypeId(2)), "at most 1, not 2" },
        { new BtfStruct("s", 4, [new("m", new BtfTypeId(1), 0, 3)]), "kind flag" },
        { new BtfStruct("s", uint.MaxValue, [new("m", new BtfTypeId(1), 1 << 24, 3)], HasBitfieldSizes: true), "kind flag" },
        { new BtfEnum("e", 4, [new("TOO_LOW", -1)]), "fits 32 bits" },
        { new BtfEnum("e", 4, [new("TOO_HIGH", 1L << 31)], IsSigned: true), "fits 32 bits" },
        { new BtfInt("i", 4, (BtfIntEncoding)16, 32), "encoding" },
        { new BtfFunc("f", new BtfTypeId(1), (BtfLinkage)0x10000), "at most 65535" },
        { new BtfFuncProto(BtfTypeId.Void, [.. Enumerable.Repeat(new BtfParameter("p", new BtfTypeId(1)), 65536)]), "at most 65535" },
        { new BtfConst(new BtfTypeId(1)), "circle" },
    };

    [Theory]
    [MemberData(nameof(BrokenTypes), DisableDiscoveryEnumeration = true)]
    public void A_type_that_breaks_a_rule_is_not_built(BtfType type, string rule)
    {
        var builder = new BtfBuilder();
        builder.Add(type);
        var error = Assert.Throws<InvalidOperationException>(builder.Build);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.Contains("type 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_BTF_without_types_is_a_header_and_one_empty_string()
    {
        var bytes = new BtfBuilder().Build().Encode();
        Assert.Equal(25, bytes.Length);
        Assert.Equal(0, BtfData.Read(bytes).Count);
    }
}
