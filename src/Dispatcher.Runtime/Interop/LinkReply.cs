using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Reads what the kernel answers about links: pure, over bytes.</summary>
internal static class LinkReply
{
    /// <summary>Reads an RTM_NEWLINK message.</summary>
    /// <exception cref="MalformedObjectException">A length that breaks its bounds, or no name.</exception>
    public static InterfaceReading Read(in NetlinkMessage message)
    {
        if (message.Body.Length < Netlink.InterfaceHeaderSizeBytes)
            throw new MalformedObjectException(Netlink.Format, message.Offset, "a link message starts with an ifinfomsg of 16 bytes");
        var index = MemoryMarshal.Read<int>(message.Body[4..]);
        string? name = null;
        string? kind = null;
        var mtu = 0u;
        int? peer = null;
        int? peerNamespace = null;
        ImmutableArray<AttachedProgram> attached = [];
        var attributes = new NetlinkAttributeReader(
            message.Body[Netlink.InterfaceHeaderSizeBytes..], message.Offset + Netlink.InterfaceHeaderSizeBytes);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case Netlink.IFLA_IFNAME:
                    name = attributes.ReadText();
                    break;
                case Netlink.IFLA_MTU:
                    mtu = attributes.ReadUInt32();
                    break;
                case Netlink.IFLA_LINK:
                    peer = (int)attributes.ReadUInt32();
                    break;
                case Netlink.IFLA_LINK_NETNSID:
                    peerNamespace = (int)attributes.ReadUInt32();
                    break;
                case Netlink.IFLA_LINKINFO:
                    kind = ReadKind(attributes.ReadNest());
                    break;
                case Netlink.IFLA_XDP:
                    attached = ReadXdp(attributes.ReadNest());
                    break;
                default:
                    break;
            }
        }

        return name is null
            ? throw new MalformedObjectException(Netlink.Format, message.Offset, "a link message names its interface")
            : new InterfaceReading(index, name, (int)Math.Min(mtu, int.MaxValue), attached)
            {
                IsUp = (MemoryMarshal.Read<uint>(message.Body[8..]) & Netlink.IFF_UP) != 0,
                Kind = kind,
                Peer = peer is > 0 and var other ? new InterfacePeer(other, peerNamespace) : null,
            };
    }

    /// <summary>Reads an NLMSG_ERROR or NLMSG_DONE message.</summary>
    /// <returns>Errno, 0 for an acknowledgement, and the kernel's text.</returns>
    public static NetlinkAck ReadAck(in NetlinkMessage message)
    {
        var body = message.Body;
        if (body.Length < sizeof(int))
            throw new MalformedObjectException(Netlink.Format, message.Offset, "an acknowledgement starts with an errno of 4 bytes");
        var error = MemoryMarshal.Read<int>(body);
        if (error is > 0 or < -4095)
            throw new MalformedObjectException(Netlink.Format, message.Offset, "an errno is 0 or negative and above -4096");
        return new NetlinkAck(-error, (message.Flags & Netlink.NLM_F_ACK_TLVS) != 0 ? ReadKernelText(message) : null);
    }

    private static string? ReadKernelText(in NetlinkMessage message)
    {
        var start = sizeof(int);
        if (message.Type == Netlink.NLMSG_ERROR)
        {
            if (message.Body.Length < start + Netlink.HeaderSizeBytes)
                throw new MalformedObjectException(Netlink.Format, message.Offset, "an acknowledgement repeats the header of the request");
            var echoed = MemoryMarshal.Read<uint>(message.Body[start..]);
            var size = (message.Flags & Netlink.NLM_F_CAPPED) != 0 ? Netlink.HeaderSizeBytes : echoed;
            if (size < Netlink.HeaderSizeBytes || size > message.Body.Length - start)
                throw new MalformedObjectException(Netlink.Format, message.Offset + start, "the repeated request stays within the acknowledgement");
            start += Math.Min(Netlink.Align((int)size), message.Body.Length - start);
        }

        var attributes = new NetlinkAttributeReader(message.Body[start..], message.Offset + start);
        while (attributes.MoveNext())
        {
            if (attributes.Type == Netlink.NLMSGERR_ATTR_MSG)
                return attributes.ReadText();
        }

        return null;
    }

    private static string? ReadKind(NetlinkAttributeReader attributes)
    {
        while (attributes.MoveNext())
        {
            if (attributes.Type == Netlink.IFLA_INFO_KIND)
                return attributes.ReadText();
        }

        return null;
    }

    private static ImmutableArray<AttachedProgram> ReadXdp(NetlinkAttributeReader attributes)
    {
        var byMode = ImmutableArray.CreateBuilder<AttachedProgram>(initialCapacity: 1);
        byte attached = 0;
        uint only = 0;
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case Netlink.IFLA_XDP_ATTACHED:
                    attached = attributes.ReadByte();
                    break;
                case Netlink.IFLA_XDP_PROG_ID:
                    only = attributes.ReadUInt32();
                    break;
                case Netlink.IFLA_XDP_DRV_PROG_ID:
                    byMode.Add(new AttachedProgram(AttachMode.Native, new ProgramId(attributes.ReadUInt32())));
                    break;
                case Netlink.IFLA_XDP_SKB_PROG_ID:
                    byMode.Add(new AttachedProgram(AttachMode.Skb, new ProgramId(attributes.ReadUInt32())));
                    break;
                case Netlink.IFLA_XDP_HW_PROG_ID:
                    byMode.Add(new AttachedProgram(AttachMode.Hw, new ProgramId(attributes.ReadUInt32())));
                    break;
                default:
                    break;
            }
        }

        // Kernels that know one mode at a time only give the id and, in ATTACHED, the mode.
        if (byMode.Count == 0 && only != 0 && ModeOf(attached) is { } mode)
            byMode.Add(new AttachedProgram(mode, new ProgramId(only)));
        return byMode.DrainToImmutable();
    }

    private static AttachMode? ModeOf(byte attached) => attached switch
    {
        1 => AttachMode.Native,
        2 => AttachMode.Skb,
        3 => AttachMode.Hw,
        _ => null,
    };
}

/// <summary>The kernel's answer to a request.</summary>
/// <param name="Errno">0: done.</param>
/// <param name="KernelText">Extended acknowledgement, or null.</param>
internal readonly record struct NetlinkAck(int Errno, string? KernelText);
