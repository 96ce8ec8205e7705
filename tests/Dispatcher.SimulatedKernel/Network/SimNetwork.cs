using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Network;

/// <summary>A network namespace: its interfaces.</summary>
/// <param name="name">As under /run/netns.</param>
internal sealed class SimNetwork(string name)
{
    private readonly SortedDictionary<int, SimInterface> _byIndex = [];
    private readonly List<SimListener> _listeners = [];
    private readonly List<SimNetwork> _known = [];
    private int _lastIndex = 1;

    public string Name { get; } = name;

    /// <summary>By ifindex.</summary>
    public ImmutableArray<SimInterface> Interfaces => [.. _byIndex.Values];

    /// <summary>Adds an interface; its index is not used again in this namespace.</summary>
    /// <param name="name">Not taken yet.</param>
    /// <param name="hasNativeMode">Whether its driver has an XDP hook.</param>
    /// <param name="mtu">Bytes.</param>
    public SimInterface Add(string name, bool hasNativeMode = true, int mtu = 1500)
    {
        var added = new SimInterface(this, ++_lastIndex, name, hasNativeMode, mtu);
        _byIndex.Add(added.Index, added);
        Tell(new HookNotice(HookNoticeKind.Changed, added.Index));
        return added;
    }

    /// <summary>Removes an interface: its hook lets go of programs, links on it lose it.</summary>
    public void Remove(SimInterface gone)
    {
        _byIndex.Remove(gone.Index);
        gone.Uninstall();
        Tell(new HookNotice(HookNoticeKind.Gone, gone.Index));
    }

    /// <summary>Moves an interface into another namespace with what is on its hook; it keeps its index.</summary>
    public void Move(SimInterface moved, SimNetwork target) => MoveInSilence(moved, target)();

    /// <summary>The same, as it is seen before the kernel says so, which is some time after it has been done.</summary>
    /// <returns>Says so.</returns>
    public Action MoveInSilence(SimInterface moved, SimNetwork target)
    {
        _byIndex.Remove(moved.Index);
        target._byIndex.Add(moved.Index, moved);
        moved.Network = target;
        return () =>
        {
            Tell(new HookNotice(HookNoticeKind.Gone, moved.Index, new InterfaceAddress(NumberOf(target), moved.Index)));
            target.Tell(new HookNotice(HookNoticeKind.Changed, moved.Index));
        };
    }

    /// <summary>Adds who is to be told of interfaces.</summary>
    internal void Add(SimListener listener) => _listeners.Add(listener);

    /// <summary>Takes it away.</summary>
    internal void Remove(SimListener listener) => _listeners.Remove(listener);

    /// <summary>Tells everybody who listens.</summary>
    internal void Tell(HookNotice notice)
    {
        foreach (var listener in _listeners)
            listener.Hear(notice);
    }

    /// <summary>Tells who follows a folder of pins.</summary>
    internal void TellRemoval(string folder, bool isItself)
    {
        foreach (var listener in _listeners)
            listener.HearRemoval(folder, isItself);
    }

    // Given at first need, as in the kernel (peernet2id_alloc).
    private int NumberOf(SimNetwork other)
    {
        if (!_known.Contains(other))
            _known.Add(other);
        return _known.IndexOf(other);
    }

    /// <exception cref="SysError">ENODEV.</exception>
    public SimInterface Find(int ifindex) => _byIndex.GetValueOrDefault(ifindex) ?? throw new SysError(KernelErrno.ENODEV);

    /// <exception cref="SysError">ENODEV.</exception>
    public SimInterface Find(string name) =>
        _byIndex.Values.FirstOrDefault(candidate => candidate.Name == name) ?? throw new SysError(KernelErrno.ENODEV);
}
