using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Metadata;

public sealed class ComponentBtfTests
{
    [Fact]
    [Rule("P-070")]
    public void The_function_takes_the_context_of_XDP_and_returns_a_number()
    {
        var (btf, function) = ComponentBtf.Synthesise("my_program");
        Assert.Equal("int my_program(struct xdp_md *ctx)", BtfC.Describe(btf, function));
        Assert.Equal(BtfLinkage.Global, btf.Get<BtfFunc>(function)!.Linkage);
    }

    [Fact]
    public void It_is_small_and_has_only_kinds_that_kernel_5_10_knows()
    {
        var btf = ComponentBtf.Synthesise("fifteen_letters").Btf;
        Assert.InRange(btf.Encode().Length, 100, 130);
        Assert.All(btf.Types, type => Assert.InRange(type.Kind, BtfKind.Int, BtfKind.DataSec));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_name_that_cannot_be_written_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => ComponentBtf.Synthesise(name));
}
