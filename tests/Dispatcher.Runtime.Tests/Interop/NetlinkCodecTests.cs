using System.Runtime.InteropServices;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class NetlinkCodecTests
{
    private const uint Sequence = 7;
    private const int Mutations = 20_000;

    [Fact]
    [Rule("P-124")]
    public void A_swap_request_has_the_bytes_of_rtnetlink()
    {
        var writer = new NetlinkWriter(new byte[256], Netlink.RTM_SETLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, Sequence);
        writer.WriteInterfaceHeader(0x11);
        var nest = writer.BeginNest(Netlink.IFLA_XDP);
        writer.Write(Netlink.IFLA_XDP_FD, -1);
        writer.Write(Netlink.IFLA_XDP_FLAGS, Netlink.XDP_FLAGS_REPLACE | Netlink.XDP_FLAGS_SKB_MODE);
        writer.Write(Netlink.IFLA_XDP_EXPECTED_FD, 9);
        writer.EndNest(nest);

        // Header, ifinfomsg, nest of 28 bytes, three attributes of 8. As bpftool net detach sends it (seen with strace), plus the third.
        Assert.Equal(
            "3C000000" + "1300" + "0500" + "07000000" + "00000000"
            + "00000000" + "11000000" + "00000000" + "00000000"
            + "1C00" + "2B80"
            + "0800" + "0100" + "FFFFFFFF"
            + "0800" + "0300" + "12000000"
            + "0800" + "0800" + "09000000",
            Convert.ToHexString(writer.Finish()));
    }

    [Fact]
    public void Text_ends_in_NUL_and_is_padded()
    {
        var writer = new NetlinkWriter(new byte[64], Netlink.RTM_GETLINK, Netlink.NLM_F_REQUEST, Sequence);
        writer.Write(Netlink.IFLA_IFNAME, "eth0");
        Assert.Equal("0900" + "0300" + "65746830" + "00000000", Convert.ToHexString(writer.Finish()[Netlink.HeaderSizeBytes..]));
    }

    [Fact]
    public void What_does_not_fit_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new NetlinkWriter(new byte[20], Netlink.RTM_GETLINK, Netlink.NLM_F_REQUEST, Sequence);
            writer.WriteInterfaceHeader(1);
        });

    [Theory]
    [InlineData(Netlink.IFLA_XDP_DRV_PROG_ID, AttachMode.Native)]
    [InlineData(Netlink.IFLA_XDP_SKB_PROG_ID, AttachMode.Skb)]
    [InlineData(Netlink.IFLA_XDP_HW_PROG_ID, AttachMode.Hw)]
    [Rule("P-110")]
    public void A_link_is_read_as_it_was_written(ushort attribute, AttachMode mode)
    {
        var link = ReadOnly(Link(attribute));
        Assert.Equal((17, "eth0", 1500), (link.Index, link.Name, link.Mtu));
        Assert.Equal([new AttachedProgram(mode, new ProgramId(42))], link.Attached);
    }

    [Theory]
    [InlineData(1, AttachMode.Native)]
    [InlineData(2, AttachMode.Skb)]
    [InlineData(3, AttachMode.Hw)]
    public void A_kernel_that_gives_one_id_and_its_mode_is_understood(byte attached, AttachMode mode)
    {
        var message = Link(Netlink.IFLA_XDP_PROG_ID, attached);
        Assert.Equal([new AttachedProgram(mode, new ProgramId(42))], ReadOnly(message).Attached);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_kernels_text_is_found_with_and_without_the_request_in_front_of_it(bool isCapped)
    {
        var ack = ReadAck(Ack(-Errno.EEXIST, "Active program does not match expected", isCapped));
        Assert.Equal(new NetlinkAck(Errno.EEXIST, "Active program does not match expected"), ack);
    }

    [Fact]
    public void An_acknowledgement_without_text_has_none() =>
        Assert.Equal(new NetlinkAck(0, null), ReadAck(Ack(0, null, isCapped: true)));

    [Theory]
    [InlineData(5)]
    [InlineData(-5000)]
    public void A_number_that_is_no_errno_is_malformed(int error) =>
        Assert.Throws<MalformedObjectException>(() => ReadAck(Ack(error, null, isCapped: true)));

    [Fact]
    public void A_link_without_a_name_is_malformed()
    {
        var writer = new NetlinkWriter(new byte[64], Netlink.RTM_NEWLINK, 0, Sequence);
        writer.WriteInterfaceHeader(17);
        var bytes = writer.Finish().ToArray();
        Assert.Throws<MalformedObjectException>(() => ReadOnly(bytes));
    }

    [Fact]
    public void Mutated_and_cut_datagrams_are_read_or_malformed_and_nothing_else()
    {
        byte[][] good = [Link(Netlink.IFLA_XDP_SKB_PROG_ID), Ack(-Errno.EBUSY, "text", isCapped: true), Ack(-Errno.EBUSY, "text", isCapped: false)];
        var random = new Random(1);
        var malformed = 0;
        for (var run = 0; run < Mutations; run++)
        {
            var bytes = good[run % good.Length].ToArray();
            for (var change = random.Next(4); change >= 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            bytes = bytes[..random.Next(bytes.Length + 1)];
            try
            {
                ReadEverything(bytes);
            }
            catch (MalformedObjectException)
            {
                malformed++;
            }
        }

        Assert.InRange(malformed, Mutations / 4, Mutations - 1);
    }

    private static void ReadEverything(ReadOnlySpan<byte> datagram)
    {
        var reader = new NetlinkReader(datagram);
        while (reader.TryRead(out var message))
        {
            if (message.Type == Netlink.RTM_NEWLINK)
                LinkReply.Read(message);
            else if (message.Type is Netlink.NLMSG_ERROR or Netlink.NLMSG_DONE)
                LinkReply.ReadAck(message);
        }
    }

    private static InterfaceReading ReadOnly(byte[] datagram)
    {
        var reader = new NetlinkReader(datagram);
        Assert.True(reader.TryRead(out var message));
        Assert.Equal(Sequence, message.Sequence);
        var link = LinkReply.Read(message);
        Assert.False(reader.TryRead(out _));
        return link;
    }

    private static NetlinkAck ReadAck(byte[] datagram)
    {
        var reader = new NetlinkReader(datagram);
        Assert.True(reader.TryRead(out var message));
        return LinkReply.ReadAck(message);
    }

    private static byte[] Link(ushort programAttribute, byte attached = 4)
    {
        var writer = new NetlinkWriter(new byte[256], Netlink.RTM_NEWLINK, 0, Sequence);
        writer.WriteInterfaceHeader(17);
        writer.Write(Netlink.IFLA_IFNAME, "eth0");
        writer.Write(Netlink.IFLA_MTU, 1500u);
        var nest = writer.BeginNest(Netlink.IFLA_XDP);
        writer.Write(Netlink.IFLA_XDP_ATTACHED, (uint)attached);
        writer.Write(programAttribute, 42u);
        writer.EndNest(nest);
        return writer.Finish().ToArray();
    }

    private static byte[] Ack(int error, string? text, bool isCapped)
    {
        var flags = (ushort)((text is null ? 0 : Netlink.NLM_F_ACK_TLVS) | (isCapped ? Netlink.NLM_F_CAPPED : 0));
        var request = new NetlinkWriter(new byte[64], Netlink.RTM_SETLINK, Netlink.NLM_F_REQUEST, Sequence);
        request.WriteInterfaceHeader(17);
        var echoed = request.Finish();
        var tlv = new NetlinkWriter(new byte[128], 0, 0, 0);
        if (text is not null)
            tlv.Write(Netlink.NLMSGERR_ATTR_MSG, text);
        byte[] body = [.. MemoryMarshal.AsBytes<int>([error]), .. isCapped ? echoed[..Netlink.HeaderSizeBytes] : echoed, .. tlv.Finish()[Netlink.HeaderSizeBytes..]];
        var header = new NetlinkWriter(new byte[16], Netlink.NLMSG_ERROR, flags, Sequence).Finish().ToArray();
        MemoryMarshal.Write(header, Netlink.HeaderSizeBytes + body.Length);
        return [.. header, .. body];
    }
}
