using System.Runtime.InteropServices;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;

namespace Dispatcher.Fuzzing.Seeds;

/// <summary>Answers about links: with every attribute that is read, acknowledgements of every shape, and what this kernel says.</summary>
internal static class NetlinkSeeds
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Datagrams.</summary>
    /// <param name="note">Takes why there are none of this kernel.</param>
    public static IEnumerable<byte[]> All(Action<string> note)
    {
        byte[] link = Link(Netlink.IFLA_XDP_SKB_PROG_ID, 2);
        byte[] done = Acknowledgement(Netlink.NLMSG_DONE, 0, null, repeatsRequest: false);
        return
        [
            link, Link(Netlink.IFLA_XDP_DRV_PROG_ID, 4), Link(Netlink.IFLA_XDP_HW_PROG_ID, 3), Link(Netlink.IFLA_XDP_PROG_ID, 1),
            [.. link, .. done], Moved(),
            Acknowledgement(Netlink.NLMSG_ERROR, -Errno.EEXIST, "XDP program already attached", repeatsRequest: false),
            Acknowledgement(Netlink.NLMSG_ERROR, -Errno.EBUSY, "text", repeatsRequest: true),
            Acknowledgement(Netlink.NLMSG_ERROR, 0, null, repeatsRequest: false),
            Acknowledgement(Netlink.NLMSG_DONE, -Errno.EINTR, "text", repeatsRequest: false),
            .. Capture(note),
        ];
    }

    private static byte[] Link(ushort programAttribute, byte mode)
    {
        var writer = new NetlinkWriter(new byte[512], Netlink.RTM_NEWLINK, 0, NetlinkExchange.Sequence);
        writer.WriteInterfaceHeader(17);
        writer.Write(Netlink.IFLA_IFNAME, "eth0");
        writer.Write(Netlink.IFLA_MTU, 1500u);
        writer.Write(Netlink.IFLA_LINK, 3u);
        writer.Write(Netlink.IFLA_LINK_NETNSID, 1u);
        var info = writer.BeginNest(Netlink.IFLA_LINKINFO);
        writer.Write(Netlink.IFLA_INFO_KIND, "veth");
        writer.EndNest(info);
        var xdp = writer.BeginNest(Netlink.IFLA_XDP);
        writer.Write(Netlink.IFLA_XDP_ATTACHED, (uint)mode);
        writer.Write(programAttribute, 42u);
        writer.EndNest(xdp);
        return writer.Finish().ToArray();
    }

    private static byte[] Moved()
    {
        var writer = new NetlinkWriter(new byte[64], Netlink.RTM_DELLINK, 0, 0);
        writer.WriteInterfaceHeader(17);
        writer.Write(Netlink.IFLA_NEW_NETNSID, 1u);
        writer.Write(Netlink.IFLA_NEW_IFINDEX, 5u);
        return writer.Finish().ToArray();
    }

    private static byte[] Acknowledgement(ushort type, int error, string? text, bool repeatsRequest)
    {
        var flags = (ushort)((text is null ? 0 : Netlink.NLM_F_ACK_TLVS) | (repeatsRequest ? 0 : Netlink.NLM_F_CAPPED));
        var request = new NetlinkWriter(new byte[64], Netlink.RTM_SETLINK, Netlink.NLM_F_REQUEST, NetlinkExchange.Sequence);
        request.WriteInterfaceHeader(17);
        var echo = type == Netlink.NLMSG_DONE ? default : repeatsRequest ? request.Finish() : request.Finish()[..Netlink.HeaderSizeBytes];
        var attributes = new NetlinkWriter(new byte[128], 0, 0, 0);
        if (text is not null)
            attributes.Write(Netlink.NLMSGERR_ATTR_MSG, text);
        byte[] message =
        [
            .. new NetlinkWriter(new byte[Netlink.HeaderSizeBytes], type, flags, NetlinkExchange.Sequence).Finish(),
            .. MemoryMarshal.AsBytes<int>([error]), .. echo, .. attributes.Finish()[Netlink.HeaderSizeBytes..],
        ];
        MemoryMarshal.Write(message, message.Length);
        return message;
    }

    /// <summary>The links of this network namespace, as the kernel sends them.</summary>
    private static List<byte[]> Capture(Action<string> note)
    {
        try
        {
            using var socket = new NetlinkSocket();
            var writer = new NetlinkWriter(new byte[64], Netlink.RTM_GETLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, NetlinkExchange.Sequence);
            writer.WriteInterfaceHeader(0);
            writer.Write(Netlink.IFLA_EXT_MASK, Netlink.RTEXT_FILTER_SKIP_STATS);
            socket.Send(writer.Finish());
            var datagrams = new List<byte[]>();
            var buffer = new byte[BufferSize];
            do
            {
                datagrams.Add(buffer[..Math.Min(socket.Receive(buffer), BufferSize)]);
            }
            while (MemoryMarshal.Read<ushort>(datagrams[^1].AsSpan(4)) != Netlink.NLMSG_DONE);
            return datagrams;
        }
        catch (KernelException e)
        {
            note($"no links of this kernel to start from: {e.Message}");
            return [];
        }
    }
}
