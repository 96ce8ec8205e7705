using System.Runtime.InteropServices;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Reads what the kernel tells of links without being asked: pure, over bytes.</summary>
internal static class LinkNotice
{
    private const byte AnyFamily = 0;

    /// <summary>Reads one datagram of RTNLGRP_LINK.</summary>
    /// <param name="datagram">As received.</param>
    /// <param name="notices">Takes what is in it. Ports of a bridge come and go in messages of family AF_BRIDGE; the interface stays, so they are left out.</param>
    /// <exception cref="MalformedObjectException">A length that breaks its bounds.</exception>
    public static void ReadDatagram(ReadOnlySpan<byte> datagram, Queue<HookNotice> notices)
    {
        var reader = new NetlinkReader(datagram);
        while (reader.TryRead(out var message))
        {
            if (message.Type is not (Netlink.RTM_NEWLINK or Netlink.RTM_DELLINK))
                continue;
            if (message.Body.Length < Netlink.InterfaceHeaderSizeBytes)
                throw new MalformedObjectException(Netlink.Format, message.Offset, "a link message starts with an ifinfomsg of 16 bytes");
            if (message.Body[0] != AnyFamily)
                continue;
            var index = MemoryMarshal.Read<int>(message.Body[4..]);
            notices.Enqueue(message.Type == Netlink.RTM_NEWLINK
                ? new HookNotice(HookNoticeKind.Changed, index)
                : new HookNotice(HookNoticeKind.Gone, index, ReadNewPlace(message)));
        }
    }

    private static InterfaceAddress? ReadNewPlace(in NetlinkMessage message)
    {
        var hasMoved = false;
        int? network = null;
        int? index = null;
        var attributes = new NetlinkAttributeReader(
            message.Body[Netlink.InterfaceHeaderSizeBytes..], message.Offset + Netlink.InterfaceHeaderSizeBytes);
        while (attributes.MoveNext())
        {
            if (attributes.Type == Netlink.IFLA_NEW_NETNSID)
                (hasMoved, network) = (true, (int)attributes.ReadUInt32() is >= 0 and var id ? id : null);
            else if (attributes.Type == Netlink.IFLA_NEW_IFINDEX)
                index = (int)attributes.ReadUInt32();
        }

        return hasMoved ? new InterfaceAddress(network, index) : null;
    }
}
