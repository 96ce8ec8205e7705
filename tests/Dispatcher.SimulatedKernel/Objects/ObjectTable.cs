using System.Collections.Immutable;

namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>The objects of one kind by id.</summary>
/// <param name="lastId">Ids start above it; each kind has a range of its own, so that a mix-up shows.</param>
internal sealed class ObjectTable<T>(uint lastId)
    where T : KernelObject
{
    private readonly SortedDictionary<uint, T> _byId = [];
    private uint _lastId = lastId;

    /// <summary>All that live, by id.</summary>
    public ImmutableArray<T> All => [.. _byId.Values];

    /// <summary>Gives an object its id.</summary>
    public T Add(T item)
    {
        item.Id = ++_lastId;
        _byId.Add(item.Id, item);
        item.Removed = () => _byId.Remove(item.Id);
        return item;
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
