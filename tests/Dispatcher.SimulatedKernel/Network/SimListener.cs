using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Network;

/// <summary>A netlink socket that is a member of RTNLGRP_LINK: keeps what it is told until it is full, then that something was lost.</summary>
internal sealed class SimListener : KernelObject
{
    /// <summary>How many notifications wait; the kernel counts bytes.</summary>
    public const int Capacity = 64;

    private readonly Queue<HookNotice> _waiting = new();
    private readonly SimNetwork _network;
    private readonly Dictionary<int, string> _followed = [];
    private bool _hasLost;

    public SimListener(SimNetwork network)
    {
        _network = network;
        network.Add(this);
    }

    /// <summary>Whether there is something to take.</summary>
    public bool HasNotice => _hasLost || _waiting.Count > 0;

    /// <summary>Takes the next notification. Null: there is none. A loss is told first, as the kernel does with the error of a socket.</summary>
    public HookNotice? Take()
    {
        if (_hasLost)
        {
            _hasLost = false;
            return HookNotice.Lost;
        }

        return _waiting.TryDequeue(out var notice) ? notice : null;
    }

    /// <summary>inotify on a folder of pins, one for each interface; null: none.</summary>
    /// <returns>Whether it has been followed until now.</returns>
    public bool Follow(int ifindex, string? folder)
    {
        if (folder is not null && _followed.GetValueOrDefault(ifindex) == folder)
            return true;
        _followed.Remove(ifindex);
        if (folder is not null)
            _followed.Add(ifindex, folder);
        return false;
    }

    /// <summary>Whether a folder of an interface is followed.</summary>
    public bool Follows(int ifindex) => _followed.ContainsKey(ifindex);

    /// <inheritdoc/>
    public override string ToString() => $"listener in {_network.Name}";

    internal void Hear(HookNotice notice)
    {
        if (_waiting.Count < Capacity)
            _waiting.Enqueue(notice);
        else
            _hasLost = true;
    }

    /// <summary>Something went from a folder, or the folder itself.</summary>
    internal void HearRemoval(string folder, bool isItself)
    {
        foreach (var ifindex in _followed.Where(each => each.Value == folder).Select(each => each.Key).ToList())
        {
            Hear(new HookNotice(HookNoticeKind.PinsRemoved, ifindex));
            if (isItself)
                _followed.Remove(ifindex);
        }
    }

    /// <inheritdoc/>
    protected override void Free() => _network.Remove(this);
}
