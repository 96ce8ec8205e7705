using System.Collections.Immutable;
using System.Text;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>The XDP hook over rtnetlink.</summary>
/// <param name="network">Where the interfaces are, borrowed; null: in the network namespace of the calling thread.</param>
internal sealed class RtnetlinkHook(NetworkNamespace? network = null) : IXdpHook
{
    private const int RequestBytes = 256;
    private const int MaxShortNameBytes = 15;
    private const int MaxNameBytes = 127;
    private static readonly Version FirstWithExpectation = new(5, 7);

    private readonly NetlinkExchange _exchange = new(network);

    /// <inheritdoc/>
    public InterfaceReading? Read(int ifindex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ifindex, 1);
        var writer = Question(stackalloc byte[RequestBytes], Netlink.NLM_F_ACK, ifindex);
        return ReadOne($"RTM_GETLINK of interface {ifindex}", writer.Finish());
    }

    /// <inheritdoc/>
    public InterfaceReading? Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var size = Encoding.UTF8.GetByteCount(name);
        if (size is 0 or > MaxNameBytes || name.Contains('\0', StringComparison.Ordinal))
            return null;
        var writer = Question(stackalloc byte[RequestBytes], Netlink.NLM_F_ACK, ifindex: 0);
        writer.Write(size <= MaxShortNameBytes ? Netlink.IFLA_IFNAME : Netlink.IFLA_ALT_IFNAME, name);
        return ReadOne($"RTM_GETLINK of {Printable.Escape(name)}", writer.Finish());
    }

    /// <inheritdoc/>
    public InterfaceReading? ReadPeer(InterfacePeer peer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(peer.Index, 1);
        var writer = Question(stackalloc byte[RequestBytes], Netlink.NLM_F_ACK, peer.Index);
        if (peer.NamespaceId is { } id)
            writer.Write(Netlink.IFLA_TARGET_NETNSID, id);
        var answer = _exchange.Ask($"RTM_GETLINK of interface {peer.Index} at the other end", writer.Finish());
        return answer.Ack.Errno == 0 && answer.Links is [var link] ? link : null;
    }

    /// <inheritdoc/>
    public ImmutableArray<InterfaceReading> ReadAll()
    {
        const string Operation = "RTM_GETLINK of all interfaces";
        var writer = Question(stackalloc byte[RequestBytes], Netlink.NLM_F_DUMP, ifindex: 0);
        var answer = _exchange.Ask(Operation, writer.Finish());
        return answer.Ack.Errno == 0
            ? answer.Links
            : throw new KernelException(Operation, answer.Ack.Errno, answer.Ack.KernelText);
    }

    /// <inheritdoc/>
    public SwapOutcome Swap(int ifindex, ProgramFd? replacement, HookExpectation expected, AttachMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ifindex, 1);
        if (replacement is null && expected.Program is null)
            throw new ArgumentException("An empty hook cannot be emptied: the kernel would ignore the expectation and remove any program.", nameof(replacement));
        using var replacementLease = new FdLease(replacement?.Handle, none: -1);
        using var expectedLease = new FdLease(expected.Program?.Handle, none: -1);
        var writer = new NetlinkWriter(
            stackalloc byte[RequestBytes], Netlink.RTM_SETLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, NetlinkExchange.Sequence);
        writer.WriteInterfaceHeader(ifindex);
        var nest = writer.BeginNest(Netlink.IFLA_XDP);
        writer.Write(Netlink.IFLA_XDP_FD, replacementLease.Number);
        if (expected.Program is null)
        {
            writer.Write(Netlink.IFLA_XDP_FLAGS, Netlink.XDP_FLAGS_UPDATE_IF_NOEXIST | FlagsOf(mode));
        }
        else
        {
            writer.Write(Netlink.IFLA_XDP_FLAGS, Netlink.XDP_FLAGS_REPLACE | FlagsOf(mode));
            writer.Write(Netlink.IFLA_XDP_EXPECTED_FD, expectedLease.Number);
        }

        writer.EndNest(nest);
        var operation = $"RTM_SETLINK IFLA_XDP ({(replacement is null ? "detach" : "attach")}, {Name(mode)}) on interface {ifindex}";
        var ack = _exchange.Tell(operation, writer.Finish());
        return ack.Errno switch
        {
            0 => new SwapOutcome(SwapResult.Swapped, ack.KernelText),
            Errno.EEXIST => new SwapOutcome(SwapResult.Mismatch, ack.KernelText),
            Errno.EBUSY => new SwapOutcome(SwapResult.Busy, ack.KernelText),
            Errno.EINVAL when IsExpectationUnknown(expected, ack) =>
                throw new UnsupportedKernelException("swapping a program only if it is the expected one (XDP_FLAGS_REPLACE)", "5.7", ack.Errno),
            _ => throw new KernelException(Named(operation, ifindex), ack.Errno, ack.KernelText, AdviceFor(ack.Errno, mode)),
        };
    }

    // People know it by name.
    private string Named(string operation, int ifindex) => Read(ifindex) is { } found ? $"{operation} ({Printable.Escape(found.Name)})" : operation;

    private InterfaceReading? ReadOne(string operation, ReadOnlySpan<byte> request)
    {
        var answer = _exchange.Ask(operation, request);
        return answer.Ack.Errno switch
        {
            0 when answer.Links is [var link] => link,
            Errno.ENODEV => null,
            _ => throw new KernelException(operation, answer.Ack.Errno, answer.Ack.KernelText),
        };
    }

    private static NetlinkWriter Question(Span<byte> buffer, ushort flags, int ifindex)
    {
        var writer = new NetlinkWriter(buffer, Netlink.RTM_GETLINK, (ushort)(Netlink.NLM_F_REQUEST | flags), NetlinkExchange.Sequence);
        writer.WriteInterfaceHeader(ifindex);
        writer.Write(Netlink.IFLA_EXT_MASK, Netlink.RTEXT_FILTER_SKIP_STATS);
        return writer;
    }

    private static bool IsExpectationUnknown(HookExpectation expected, NetlinkAck ack) =>
        expected.Program is not null && ack.KernelText is null && Environment.OSVersion.Version < FirstWithExpectation;

    private static uint FlagsOf(AttachMode mode) => mode switch
    {
        AttachMode.Native => Netlink.XDP_FLAGS_DRV_MODE,
        AttachMode.Skb => Netlink.XDP_FLAGS_SKB_MODE,
        AttachMode.Hw => Netlink.XDP_FLAGS_HW_MODE,
        _ => 0,
    };

    private static string Name(AttachMode mode) => mode switch
    {
        AttachMode.Native => "native",
        AttachMode.Skb => "skb",
        AttachMode.Hw => "hw",
        _ => "unspecified mode",
    };

    private static string? AdviceFor(int errno, AttachMode mode) => errno switch
    {
        Errno.EPERM => Capabilities.Missing("CAP_NET_ADMIN") is [_, ..]
            ? "This process lacks CAP_NET_ADMIN; run it as root or give it this capability."
            : "This process has CAP_NET_ADMIN, so a policy of this machine refuses it (a sandbox or an LSM).",
        Errno.EOPNOTSUPP when mode == AttachMode.Native => "The driver of this interface has no native XDP; skb mode works on every driver.",
        Errno.EOPNOTSUPP or Errno.EINVAL when mode == AttachMode.Hw =>
            "A device itself runs only programs that were compiled for it, which a dispatcher with replaceable slots cannot be; use native or skb mode.",
        Errno.ENODEV => "There is no such interface in this network namespace; look with 'ip link'.",
        _ => null,
    };
}
