using System.Collections.Immutable;

namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>The objects of one kind by id.</summary>
/// <param name="kernel">Says who makes an object.</param>
/// <param name="lastId">Ids start above it; each kind has a range of its own, so that a mix-up shows.</param>
internal sealed class ObjectTable<T>(SimKernel kernel, uint lastId)
    where T : KernelObject
{
    private const uint RangeOfKind = 1000;
    private const uint RangeOfProcess = 1000;
    private readonly SortedDictionary<uint, T> _byId = [];
    private readonly Dictionary<int, uint> _lastOfProcess = [];
    private readonly uint _rangeStart = lastId;
    private uint _lastId = lastId;

    /// <summary>All that live, by id.</summary>
    public ImmutableArray<T> All => [.. _byId.Values];

    /// <summary>Gives an object its id.</summary>
    public T Add(T item)
    {
        item.Id = kernel.CountsIdsByProcess ? NextOf(kernel.Caller) : ++_lastId;
        _byId.Add(item.Id, item);
        item.Removed = () => _byId.Remove(item.Id);
        return item;
    }

    private uint NextOf(int process)
    {
        var next = _lastOfProcess[process] = _lastOfProcess.GetValueOrDefault(process) + 1;
        return (_rangeStart * RangeOfKind) + ((uint)process * RangeOfProcess) + next;
    }

    /// <exception cref="SysError">ENOENT.</exception>
    public T Find(uint id) => _byId.TryGetValue(id, out var item) ? item : throw new SysError(KernelErrno.ENOENT);

    /// <summary>The smallest id above the given one.</summary>
    /// <exception cref="SysError">ENOENT.</exception>
    public uint Next(uint after)
    {
        foreach (var id in _byId.Keys)
        {
            if (id > after)
                return id;
        }

        throw new SysError(KernelErrno.ENOENT);
    }
}
