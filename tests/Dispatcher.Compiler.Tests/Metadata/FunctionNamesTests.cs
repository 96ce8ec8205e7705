using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Metadata;

public sealed class FunctionNamesTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("filter_packets_", "filter_packets_by_port")]
    [InlineData("exactly_fifteen", "exactly_fifteen")]
    [InlineData("ambiguous_name_", "ambiguous_name_")]
    [InlineData("defined_twice_h", "defined_twice_here")]
    [InlineData("not_in_the_btf_", "not_in_the_btf_")]
    [InlineData("a_typedef_of_15", "a_typedef_of_15")]
    [InlineData("filter", "filter")]
    [Rule("P-064")]
    public void A_cut_name_is_completed_when_only_one_function_fits(string kernelName, string expected)
    {
        var b = new BtfBuilder();
        var proto = b.Add(new BtfFuncProto(BtfTypeId.Void, []));
        foreach (var name in new[]
                 {
                     "shorter", "filter_packets_by_port", "exactly_fifteen", "exactly_fifteen_and_more",
                     "ambiguous_name_one", "ambiguous_name_two", "defined_twice_here", "defined_twice_here",
                 })
            b.Add(new BtfFunc(name, proto, BtfLinkage.Global));
        b.Add(new BtfTypedef("a_typedef_of_15_and_more", proto));
        Assert.Equal(expected, FunctionNames.Expand(kernelName, b.Build()));
    }

    [Fact]
    [Rule("P-064")]
    public void Without_BTF_the_name_stays_as_it_is() => Assert.Equal("filter_packets_", FunctionNames.Expand("filter_packets_", null));
}
