using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Tests.Planning;

public sealed class BufferLimitTests
{
    private static readonly InterfaceReading Veth = new(2, "eth0", 1500, []) { Kind = "veth", Peer = new InterfacePeer(3, null) };
    private static readonly InterfaceReading Hardware = new(2, "eth0", 9000, []);

    [Theory]
    [InlineData(AttachMode.Native, 1, true)]
    [InlineData(AttachMode.Unspecified, 1, true)]
    [InlineData(AttachMode.Native, 0, false)]
    [InlineData(AttachMode.Skb, 1, false)]
    public void A_veth_counts_by_the_MTU_of_its_other_end(AttachMode mode, int above, bool isRefused) =>
        Assert.Equal(isRefused, Predict(Veth, mode, BufferLimit.MaxMtu + above) is not null);

    [Fact]
    public void What_is_not_known_is_not_predicted()
    {
        Assert.Null(Predict(Hardware, AttachMode.Native, 9000));
        Assert.Null(BufferLimit.Predict(Veth, _ => null, AttachMode.Native, ["plain"]));
        Assert.Null(BufferLimit.Predict(Veth, _ => throw new InvalidOperationException("not asked"), AttachMode.Native, []));
    }

    [Fact]
    public void A_refusal_of_another_driver_is_explained_by_its_MTU()
    {
        var refusal = new KernelException("RTM_SETLINK", Errno.EINVAL);

        var explained = BufferLimit.Explain(Hardware, AttachMode.Native, ["a", "b"], refusal)!;

        Assert.Contains("(MTU 9000) refuses the chain: EINVAL", explained.Message, StringComparison.Ordinal);
        Assert.Contains("a, b do not take packets in several buffers", explained.Message, StringComparison.Ordinal);
        Assert.Null(BufferLimit.Explain(Hardware, AttachMode.Skb, ["a"], refusal));
        Assert.Null(BufferLimit.Explain(Hardware with { Mtu = 1500 }, AttachMode.Native, ["a"], refusal));
        Assert.Null(BufferLimit.Explain(Hardware, AttachMode.Native, [], refusal));
        Assert.Null(BufferLimit.Explain(Hardware, AttachMode.Native, ["a"], new KernelException("RTM_SETLINK", Errno.EPERM)));
        var noNative = new KernelException("RTM_SETLINK", Errno.EOPNOTSUPP, "Underlying driver does not support XDP in native mode");
        Assert.Null(BufferLimit.Explain(Hardware, AttachMode.Native, ["a"], noNative));
    }

    [Fact]
    public void A_refusal_that_speaks_of_the_MTU_is_explained_even_when_all_take_frags()
    {
        var refusal = new KernelException("RTM_SETLINK", Errno.EINVAL, "MTU too large to enable XDP");

        var explained = BufferLimit.Explain(Hardware, AttachMode.Native, [], refusal)!;

        Assert.Contains("'MTU too large to enable XDP'", explained.Message, StringComparison.Ordinal);
        Assert.Contains("does not take packets this large", explained.Message, StringComparison.Ordinal);
    }

    private static RefusedException? Predict(InterfaceReading nic, AttachMode mode, int peerMtu) =>
        BufferLimit.Predict(nic, peer => new InterfaceReading(peer.Index, "eth1", peerMtu, []), mode, ["plain"]);
}
