using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Tests.Model;

public sealed class ChainCallActionsTests
{
    [Fact]
    public void Every_set_of_actions_survives_text_and_wire()
    {
        for (var mask = 0u; mask < 32; mask++)
        {
            var actions = new ChainCallActions(mask);
            Assert.True(ChainCallActions.TryParse(actions.ToString(), out var parsed));
            Assert.Equal(actions, parsed);
            Assert.Equal(actions, ChainCallActions.FromWire(actions.ToWire()));
            Assert.Equal(actions, ChainCallActions.Of([.. actions.ToActions()]));
            Assert.Equal(mask | 0x80000000, actions.ToWire());
        }
    }

    [Theory]
    [InlineData("XDP_PASS,XDP_TX", "XDP_PASS,XDP_TX")]
    [InlineData("tx+pass", "XDP_PASS,XDP_TX")]
    [InlineData(" xdp_drop , Redirect ", "XDP_DROP,XDP_REDIRECT")]
    [InlineData("pass,pass", "XDP_PASS")]
    [InlineData("NONE", "none")]
    public void Names_are_read_in_any_order_and_case(string text, string canonical)
    {
        Assert.True(ChainCallActions.TryParse(text, out var actions));
        Assert.Equal(canonical, actions.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("XDP_PAS")]
    [InlineData("pass,")]
    [InlineData("pass,none")]
    [InlineData("2")]
    [InlineData("XDP_XDP_PASS")]
    public void Anything_else_is_not_a_list_of_actions(string text) => Assert.False(ChainCallActions.TryParse(text, out _));

    [Fact]
    public void A_chain_continues_after_the_listed_verdicts_and_after_an_empty_stub()
    {
        var actions = ChainCallActions.Of(XdpAction.Pass, XdpAction.Redirect);
        Assert.Equal([2u, 4u, 31u], Enumerable.Range(0, 100).Select(v => (uint)v).Where(actions.ContinuesAfter));
        Assert.False(actions.ContinuesAfter(uint.MaxValue));
        Assert.False(actions.ContinuesAfter(34));
    }

    [Fact]
    public void The_default_is_to_continue_on_pass() => Assert.Equal("XDP_PASS", ChainCallActions.Default.ToString());

    [Fact]
    public void Action_names_are_the_kernels()
    {
        Assert.Equal(["XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"], XdpActionNames.All.Select(a => a.KernelName()));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((XdpAction)5).KernelName());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((XdpAction)(-1)).KernelName());
    }
}
