using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Planning;

/// <summary>Why a dispatcher that takes no packets in several buffers (frags) may be refused: the MTU is more than one page holds.</summary>
/// <remarks>
/// Each driver has its own limit. That of veth is predicted, since it counts on the MTU of the other end and is the same
/// on all kernels from 5.10 on; of other drivers the refusal is explained once it has come. Generic (skb) mode has none.
/// Source: drivers/net/veth.c, veth_xdp_set.
/// </remarks>
internal static class BufferLimit
{
    private const string Veth = "veth";
    private const int HeadroomSize = 256;
    private const int EthernetHeaderSize = 14;

    // struct skb_shared_info with the least number of fragments that a kernel is built with (17), aligned to 64 bytes.
    private const int SharedInfoSize = 320;

    // How drivers call it that have a text of their own.
    private static readonly string[] SizeWords = ["mtu", "frame", "too large", "buffer"];

    /// <summary>Largest MTU whose packets fit one page beside headroom and bookkeeping; 3,506 with pages of 4,096 bytes.</summary>
    public static int MaxMtu { get; } = Environment.SystemPageSize - HeadroomSize - EthernetHeaderSize - SharedInfoSize;

    /// <summary>Says that the kernel will refuse, where that is known.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="readPeer">Reads the other end, only when that decides; null: it cannot be read.</param>
    /// <param name="mode">Mode to attach in.</param>
    /// <param name="withoutFrags">Names of the components that keep the dispatcher from taking frags; empty: it takes them.</param>
    /// <returns>Null: nothing is known against it.</returns>
    public static RefusedException? Predict(InterfaceReading nic, Func<InterfacePeer, InterfaceReading?> readPeer, AttachMode mode, ImmutableArray<string> withoutFrags)
    {
        if (mode is AttachMode.Skb or AttachMode.Hw || withoutFrags.IsEmpty || nic is not { Kind: Veth, Peer: { } end })
            return null;
        if (readPeer(end) is not { } peer || peer.Mtu <= MaxMtu)
            return null;
        return new RefusedException(string.Create(CultureInfo.InvariantCulture,
            $"{Printable.Escape(nic.Name)} is a veth whose other end ({Printable.Escape(peer.Name)}) has an MTU of {peer.Mtu}, and the kernel lets a chain without frags take at most {MaxMtu} there. ")
            + $"{Blame(withoutFrags)} Nothing was loaded or changed; {Advice(nic, $"the MTU of {Printable.Escape(peer.Name)}")}");
    }

    /// <summary>Explains a refusal that has come, when the MTU is the likely cause.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="mode">Mode of the attach.</param>
    /// <param name="withoutFrags">As in <see cref="Predict"/>.</param>
    /// <param name="refusal">What the kernel said.</param>
    /// <returns>Null: it has another cause.</returns>
    public static RefusedException? Explain(
        InterfaceReading nic, AttachMode mode, ImmutableArray<string> withoutFrags, KernelException refusal)
    {
        var namesSize = SizeWords.Any(word => refusal.KernelText?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);
        var isLikely = refusal.KernelText is null && nic.Mtu > MaxMtu && !withoutFrags.IsEmpty
            && refusal.Errno is Errno.EINVAL or Errno.ERANGE or Errno.EOPNOTSUPP or Errno.E2BIG;
        if (mode is AttachMode.Skb or AttachMode.Hw || (!namesSize && !isLikely))
            return null;
        var kernel = refusal.KernelText is { } text ? $"{ErrnoText.Of(refusal.Errno)}, '{Printable.Escape(text)}'" : ErrnoText.Of(refusal.Errno);
        var cause = withoutFrags.IsEmpty ? "The driver does not take packets this large with XDP." : Blame(withoutFrags);
        return new RefusedException(string.Create(CultureInfo.InvariantCulture,
            $"The driver of {Printable.Escape(nic.Name)} (MTU {nic.Mtu}) refuses the chain: {kernel}. ")
            + $"{cause} Nothing was changed; {Advice(nic, "the MTU")}");
    }

    /// <summary>What the kernel lacks where every component takes frags and it has none, with what helps here.</summary>
    public static string MissingFrags(InterfaceReading nic) =>
        $"packets in several buffers (frags), which this MTU needs ({WaysOut(nic, nic.Kind == Veth ? "the MTU of the other end" : "the MTU")})";

    private static string Blame(ImmutableArray<string> withoutFrags) => withoutFrags is [var only]
        ? $"{Printable.Escape(only)} does not take packets in several buffers, so the chain cannot."
        : $"{string.Join(", ", withoutFrags.Select(Printable.Escape))} do not take packets in several buffers, so the chain cannot.";

    private static string Advice(InterfaceReading nic, string mtu) => $"{WaysOut(nic, mtu)}, or compile every program of the chain with SEC(\"xdp.frags\").";

    // A chain that is there keeps its mode.
    private static string WaysOut(InterfaceReading nic, string mtu) => string.Create(CultureInfo.InvariantCulture,
        $"lower {mtu} to {MaxMtu} or less, {(nic.Attached.IsEmpty ? "attach in skb mode" : "empty the hook and attach all of them in skb mode")}");
}
