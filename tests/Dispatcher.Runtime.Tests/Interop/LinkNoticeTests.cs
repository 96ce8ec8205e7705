using Dispatcher.Compiler;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class LinkNoticeTests
{
    private const byte Bridge = 7;

    [Fact]
    public void A_new_link_is_a_reason_to_read_it() =>
        Assert.Equal([new HookNotice(HookNoticeKind.Changed, 17)], Read(Message(Netlink.RTM_NEWLINK)));

    [Fact]
    public void A_link_that_goes_says_where_to_if_it_moves()
    {
        Assert.Equal([new HookNotice(HookNoticeKind.Gone, 17)], Read(Message(Netlink.RTM_DELLINK)));
        Assert.Equal(
            [new HookNotice(HookNoticeKind.Gone, 17, new InterfaceAddress(3, 5))],
            Read(Message(Netlink.RTM_DELLINK, (Netlink.IFLA_NEW_NETNSID, 3), (Netlink.IFLA_NEW_IFINDEX, 5))));
        Assert.Equal(
            [new HookNotice(HookNoticeKind.Gone, 17, new InterfaceAddress(null, null))],
            Read(Message(Netlink.RTM_DELLINK, (Netlink.IFLA_NEW_NETNSID, -1))));
    }

    [Fact]
    public void A_port_that_leaves_a_bridge_is_no_interface_that_goes()
    {
        var message = Message(Netlink.RTM_DELLINK);
        message[Netlink.HeaderSizeBytes] = Bridge;
        Assert.Empty(Read(message));
    }

    [Fact]
    public void Several_messages_in_one_datagram_are_read_in_order_and_others_are_left_out() => Assert.Equal(
        [new HookNotice(HookNoticeKind.Changed, 17), new HookNotice(HookNoticeKind.Gone, 17)],
        Read([.. Message(Netlink.RTM_NEWLINK), .. Message(Netlink.NLMSG_NOOP), .. Message(Netlink.RTM_DELLINK)]));

    [Fact]
    public void A_message_without_an_interface_is_malformed() =>
        Assert.Throws<MalformedObjectException>(() => Read(new NetlinkWriter(new byte[16], Netlink.RTM_NEWLINK, 0, 0).Finish()));

    private static HookNotice[] Read(ReadOnlySpan<byte> datagram)
    {
        var notices = new Queue<HookNotice>();
        LinkNotice.ReadDatagram(datagram, notices);
        return [.. notices];
    }

    private static byte[] Message(ushort type, params ReadOnlySpan<(ushort Type, int Value)> attributes)
    {
        var writer = new NetlinkWriter(new byte[128], type, 0, 0);
        writer.WriteInterfaceHeader(17);
        writer.Write(Netlink.IFLA_IFNAME, "eth0");
        foreach (var (attribute, value) in attributes)
            writer.Write(attribute, value);
        return writer.Finish().ToArray();
    }
}
