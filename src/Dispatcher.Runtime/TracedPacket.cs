using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime;

/// <summary>Which packets a trace records.</summary>
public sealed record TraceOptions
{
    /// <summary>Least number of bytes that can be kept: an Ethernet header.</summary>
    public const int MinSnapBytes = 14;

    /// <summary>Most bytes of a packet that can be kept.</summary>
    public const int MaxSnapBytes = 4096;

    /// <summary>Verdicts that the chain gave them; empty: any. The kernel treats one that it does not know as XDP_ABORTED, and so does this.</summary>
    public ImmutableArray<XdpAction> Verdicts { get; init; } = [];

    /// <summary>1: every packet; N: each with the chance of 1 in N, so that a flood does not hurt. At least 1.</summary>
    public uint SampleOneIn { get; init; } = 1;

    /// <summary>Bytes of a packet that are kept at most, 14 to 4096. Default: 2048.</summary>
    public int SnapBytes { get; init; } = 2048;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfZero(SampleOneIn);
        ArgumentOutOfRangeException.ThrowIfLessThan(SnapBytes, MinSnapBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SnapBytes, MaxSnapBytes);
    }
}

/// <summary>A packet and the component that ended its way through the chain.</summary>
/// <param name="TimeNs">When, in nanoseconds since 1970 (UTC).</param>
/// <param name="Slot">Place of the component in the chain, from 0.</param>
/// <param name="Id">Program id of the component.</param>
/// <param name="Name">Its full function name where BTF tells it; escape it before printing.</param>
/// <param name="Returned">What it returned; any number.</param>
/// <param name="Verdict">What the chain returned: the same, or XDP_PASS when the chain would have gone on and this was the last slot.</param>
/// <param name="LengthBytes">Bytes of the packet as the component left it, of the first buffer when it is in several.</param>
/// <param name="Bytes">Its first bytes, Ethernet header first.</param>
public sealed record TracedPacket(
    long TimeNs, int Slot, ProgramId Id, string Name, uint Returned, uint Verdict, int LengthBytes, ReadOnlyMemory<byte> Bytes);

/// <summary>What a reading of a trace brought.</summary>
/// <param name="Packets">In the order in which they were recorded.</param>
/// <param name="Lost">Packets since the trace was opened that would have been recorded and found no room, since nobody read in time.</param>
public sealed record TracedPackets(ImmutableArray<TracedPacket> Packets, ulong Lost)
{
    /// <summary>Whether a chain is recorded; false: the interface has none, and one is waited for.</summary>
    public bool IsRecording { get; init; }
}
