namespace Dispatcher.Runtime.Interop;

/// <summary>Numbers of netlink and of its link messages.</summary>
internal static class Netlink
{
    internal const string Format = "netlink";

    internal const int HeaderSizeBytes = 16;
    internal const int InterfaceHeaderSizeBytes = 16;
    internal const int AttributeHeaderSizeBytes = 4;
    internal const ushort NestedFlag = 0x8000;
    internal const ushort AttributeTypeMask = 0x3fff;

    internal const int AF_NETLINK = 16;
    internal const int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    internal const int NETLINK_ROUTE = 0;
    internal const int SOL_NETLINK = 270;
    internal const int NETLINK_ADD_MEMBERSHIP = 1;
    internal const int NETLINK_CAP_ACK = 10;
    internal const int NETLINK_EXT_ACK = 11;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const uint RTNLGRP_LINK = 1;

    internal const ushort NLMSG_NOOP = 1;
    internal const ushort NLMSG_ERROR = 2;
    internal const ushort NLMSG_DONE = 3;
    internal const ushort RTM_NEWLINK = 16;
    internal const ushort RTM_DELLINK = 17;
    internal const ushort RTM_GETLINK = 18;
    internal const ushort RTM_SETLINK = 19;

    internal const ushort NLM_F_REQUEST = 1;
    internal const ushort NLM_F_ACK = 4;
    internal const ushort NLM_F_DUMP_INTR = 0x10;
    internal const ushort NLM_F_DUMP = 0x300;
    internal const ushort NLM_F_CAPPED = 0x100;
    internal const ushort NLM_F_ACK_TLVS = 0x200;
    internal const ushort NLMSGERR_ATTR_MSG = 1;

    internal const ushort IFLA_IFNAME = 3;
    internal const ushort IFLA_MTU = 4;
    internal const ushort IFLA_LINK = 5;
    internal const ushort IFLA_LINKINFO = 18;
    internal const ushort IFLA_EXT_MASK = 29;
    internal const ushort IFLA_LINK_NETNSID = 37;
    internal const ushort IFLA_XDP = 43;
    internal const ushort IFLA_NEW_NETNSID = 45;
    internal const ushort IFLA_TARGET_NETNSID = 46;
    internal const ushort IFLA_NEW_IFINDEX = 49;
    internal const ushort IFLA_ALT_IFNAME = 53;
    internal const uint RTEXT_FILTER_SKIP_STATS = 8;
    internal const uint IFF_UP = 1;

    internal const ushort IFLA_INFO_KIND = 1;

    internal const ushort IFLA_XDP_FD = 1;
    internal const ushort IFLA_XDP_ATTACHED = 2;
    internal const ushort IFLA_XDP_FLAGS = 3;
    internal const ushort IFLA_XDP_PROG_ID = 4;
    internal const ushort IFLA_XDP_DRV_PROG_ID = 5;
    internal const ushort IFLA_XDP_SKB_PROG_ID = 6;
    internal const ushort IFLA_XDP_HW_PROG_ID = 7;
    internal const ushort IFLA_XDP_EXPECTED_FD = 8;

    internal const uint XDP_FLAGS_UPDATE_IF_NOEXIST = 1;
    internal const uint XDP_FLAGS_SKB_MODE = 2;
    internal const uint XDP_FLAGS_DRV_MODE = 4;
    internal const uint XDP_FLAGS_HW_MODE = 8;
    internal const uint XDP_FLAGS_REPLACE = 16;

    /// <summary>Rounds up to the 4 bytes that messages and attributes start at.</summary>
    internal static int Align(int size) => (size + 3) & ~3;
}
