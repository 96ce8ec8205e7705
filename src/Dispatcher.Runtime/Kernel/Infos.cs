using System.Collections.Immutable;

namespace Dispatcher.Runtime.Kernel;

/// <summary>Program types this project meets, values of <c>enum bpf_prog_type</c>.</summary>
internal enum ProgramType : uint
{
    /// <summary>BPF_PROG_TYPE_XDP.</summary>
    Xdp = 6,

    /// <summary>BPF_PROG_TYPE_TRACING, kernel 5.5: runs when a function of another program is entered or left.</summary>
    Tracing = 26,

    /// <summary>BPF_PROG_TYPE_EXT, kernel 5.6: replaces a global function of another program.</summary>
    Ext = 28,
}

/// <summary>What the kernel says of a loaded program (<c>struct bpf_prog_info</c>).</summary>
/// <param name="Id">Kernel-wide id.</param>
/// <param name="Type">Program type.</param>
/// <param name="Name">At most 15 bytes; may hold anything a user gave it.</param>
/// <param name="Tag">Digest of the instructions.</param>
/// <param name="LoadTimeNs">Nanoseconds since boot.</param>
/// <param name="MapIds">Maps it refers to, at most 64.</param>
/// <param name="MapCount">How many maps it refers to in all.</param>
/// <param name="BtfId">Its BTF, or null.</param>
/// <param name="InstructionCount">Translated instructions of 8 bytes.</param>
internal sealed record ProgramInfo(
    ProgramId Id, ProgramType Type, string Name, ProgramTag Tag, ulong LoadTimeNs,
    ImmutableArray<MapId> MapIds, int MapCount, BtfId? BtfId, int InstructionCount)
{
    /// <summary>User who loaded it, in the user namespace of this process.</summary>
    public uint LoadedBy { get; init; }
}

/// <summary>What the kernel says of a map (<c>struct bpf_map_info</c>).</summary>
/// <param name="Id">Kernel-wide id.</param>
/// <param name="Type">Value of <c>enum bpf_map_type</c>; 2 is an array.</param>
/// <param name="KeySize">Bytes.</param>
/// <param name="ValueSize">Bytes.</param>
/// <param name="MaxEntries">Entries at most.</param>
/// <param name="Name">At most 15 bytes.</param>
internal sealed record MapInfo(MapId Id, uint Type, int KeySize, int ValueSize, uint MaxEntries, string Name)
{
    /// <summary>BPF_F_ flags it was made with.</summary>
    public uint Flags { get; init; }

    /// <summary>The BTF that its types are in, or null.</summary>
    public BtfId? BtfId { get; init; }

    /// <summary>Type id of the key in that BTF, or 0.</summary>
    public uint KeyTypeId { get; init; }

    /// <summary>Type id of the value in that BTF, or 0.</summary>
    public uint ValueTypeId { get; init; }
}

/// <summary>What the kernel says of a bpf_link (<c>struct bpf_link_info</c>).</summary>
/// <param name="Id">Kernel-wide id.</param>
/// <param name="Type">Value of <c>enum bpf_link_type</c>: 2 tracing (freplace too), 6 XDP.</param>
/// <param name="ProgramId">The program it attaches.</param>
/// <param name="TargetObjectId">Tracing: id of the program attached to, from kernel 5.13, else 0. XDP: ifindex.</param>
/// <param name="TargetBtfTypeId">Tracing: type id of the function attached to, from kernel 5.13, else 0.</param>
internal sealed record LinkInfo(LinkId Id, uint Type, ProgramId ProgramId, uint TargetObjectId, uint TargetBtfTypeId);

/// <summary>One network interface and its XDP hook, as one netlink answer shows them.</summary>
/// <param name="Index">Interface index in the network namespace of the caller.</param>
/// <param name="Name">Interface name.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="Attached">Programs on the hook with their modes; empty, or one, or one native or skb and one hw.</param>
internal sealed record InterfaceReading(int Index, string Name, int Mtu, ImmutableArray<AttachedProgram> Attached)
{
    /// <summary>Whether it is up (IFF_UP): of one that is down the kernel tells no change of the hook.</summary>
    public bool IsUp { get; init; } = true;

    /// <summary>Kind of a virtual interface, for example <c>veth</c>; null for hardware.</summary>
    public string? Kind { get; init; }

    /// <summary>The interface at the other end (IFLA_LINK), or null.</summary>
    public InterfacePeer? Peer { get; init; }
}

/// <summary>The interface that another one is joined to.</summary>
/// <param name="Index">Interface index in its own network namespace.</param>
/// <param name="NamespaceId">Number that our network namespace has for that one; null: it is ours.</param>
internal readonly record struct InterfacePeer(int Index, int? NamespaceId);

/// <summary>A program on a hook.</summary>
/// <param name="Mode">Native, skb or hw.</param>
/// <param name="ProgramId">Kernel-wide id.</param>
internal readonly record struct AttachedProgram(AttachMode Mode, ProgramId ProgramId);
