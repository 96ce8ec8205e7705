using System.Collections.Immutable;

namespace Dispatcher.SimulatedKernel.Network;

/// <summary>A network namespace: its interfaces.</summary>
/// <param name="name">As under /run/netns.</param>
internal sealed class SimNetwork(string name)
{
    private readonly SortedDictionary<int, SimInterface> _byIndex = [];
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
        var added = new SimInterface(++_lastIndex, name, hasNativeMode, mtu);
        _byIndex.Add(added.Index, added);
        return added;
    }

    /// <summary>Removes an interface: its hook lets go of programs, links on it lose it.</summary>
    public void Remove(SimInterface gone)
    {
        _byIndex.Remove(gone.Index);
        gone.Uninstall();
    }

    /// <summary>Moves an interface into another namespace with what is on its hook; it keeps its index.</summary>
    public void Move(SimInterface moved, SimNetwork target)
    {
        _byIndex.Remove(moved.Index);
        target._byIndex.Add(moved.Index, moved);
    }

    /// <exception cref="SysError">ENODEV.</exception>
    public SimInterface Find(int ifindex) => _byIndex.GetValueOrDefault(ifindex) ?? throw new SysError(KernelErrno.ENODEV);

    /// <exception cref="SysError">ENODEV.</exception>
    public SimInterface Find(string name) =>
        _byIndex.Values.FirstOrDefault(candidate => candidate.Name == name) ?? throw new SysError(KernelErrno.ENODEV);
}
