using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Network;

/// <summary>What is on a hook: a program, attached by netlink or by a link.</summary>
/// <param name="Program">Referred to, by the hook itself or by the link.</param>
/// <param name="Link">The link that owns the hook, or null.</param>
internal sealed record Occupant(SimProgram Program, HookLink? Link);

/// <summary>A network interface and what is on its hook in each mode.</summary>
internal sealed class SimInterface(SimNetwork network, int index, string name, bool hasNativeMode, int mtu)
{
    private int _mtu = mtu;
    private bool _isUp = true;
    private readonly SortedDictionary<AttachMode, Occupant> _hooks = [];

    public int Index { get; } = index;

    public string Name { get; private set; } = name;

    /// <summary>Where it is.</summary>
    public SimNetwork Network { get; internal set; } = network;

    /// <summary>IFF_UP: only then are changes of the hook told. A change of it is.</summary>
    public bool IsUp
    {
        get => _isUp;
        set
        {
            _isUp = value;
            Network.Tell(new HookNotice(HookNoticeKind.Changed, Index));
        }
    }

    public bool HasNativeMode { get; } = hasNativeMode;

    /// <summary>Bytes; a change is told.</summary>
    public int Mtu
    {
        get => _mtu;
        set
        {
            _mtu = value;
            Network.Tell(new HookNotice(HookNoticeKind.Changed, Index));
        }
    }

    /// <summary>The other end of a veth, or null: hardware.</summary>
    public SimInterface? Peer { get; set; }

    /// <summary>A bond or bridge that this interface is part of, or null.</summary>
    public SimInterface? Upper { get; set; }

    /// <summary>How many programs are attached, in all modes.</summary>
    public int OccupantCount => _hooks.Count;

    /// <summary>What a packet meets first, or null.</summary>
    public Occupant? Occupant => On(AttachMode.Native) ?? On(AttachMode.Skb);

    public Occupant? On(AttachMode mode) => _hooks.GetValueOrDefault(mode);

    /// <summary>As netlink shows it.</summary>
    public InterfaceReading Read() =>
        new(Index, Name, Mtu, [.. _hooks.Select(hook => new AttachedProgram(hook.Key, new ProgramId(hook.Value.Program.Id)))])
        {
            IsUp = IsUp,
            Kind = Peer is null ? null : "veth",
            Peer = Peer is null ? null : new InterfacePeer(Peer.Index, null),
        };

    /// <summary>Gives it another name; that is told.</summary>
    public void Rename(string name)
    {
        Name = name;
        Network.Tell(new HookNotice(HookNoticeKind.Changed, Index));
    }

    /// <summary>Tells that netlink changed the hook. Source: net/core/rtnetlink.c, do_setlink; net/core/dev.c, netdev_state_change.</summary>
    internal void TellOfHook()
    {
        if (IsUp)
            Network.Tell(new HookNotice(HookNoticeKind.Changed, Index));
    }

    internal void Set(AttachMode mode, Occupant occupant) => _hooks[mode] = occupant;

    internal void Clear(AttachMode mode) => _hooks.Remove(mode);

    internal void Uninstall()
    {
        foreach (var occupant in _hooks.Values)
        {
            if (occupant.Link is { } link)
                link.LoseInterface();
            else
                occupant.Program.Drop();
        }

        _hooks.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Index})";
}
