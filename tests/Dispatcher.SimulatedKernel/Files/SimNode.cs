using System.Collections.Immutable;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Files;

/// <summary>An entry of a BPF file system.</summary>
internal abstract class SimNode;

/// <summary>A pin: holds one reference to its object.</summary>
internal sealed class SimPin(KernelObject target) : SimNode
{
    public KernelObject Object { get; } = target;
}

/// <summary>A directory, and the lock on it.</summary>
internal sealed class SimDirectory(TimeSpan created) : SimNode
{
    private readonly SortedDictionary<string, SimNode> _entries = new(StringComparer.Ordinal);

    /// <summary>When an entry last came or went.</summary>
    public TimeSpan Changed { get; private set; } = created;

    public ImmutableArray<string> Names => [.. _entries.Keys];

    /// <summary>Who has it locked, or null.</summary>
    public SimLock? Lock { get; set; }

    public SimNode? Find(string name) => _entries.GetValueOrDefault(name);

    /// <exception cref="SysError">EEXIST.</exception>
    public void Add(string name, SimNode node, TimeSpan now)
    {
        if (!_entries.TryAdd(name, node))
            throw new SysError(KernelErrno.EEXIST);
        Changed = now;
    }

    public void Remove(string name, TimeSpan now)
    {
        _entries.Remove(name);
        Changed = now;
    }

    /// <summary>Paths of everything below, directories with a slash at the end, pins with their object.</summary>
    public IEnumerable<string> Walk(string path) => _entries.SelectMany(entry => entry.Value switch
    {
        SimDirectory directory => directory.Walk($"{path}/{entry.Key}").Prepend($"{path}/{entry.Key}/"),
        SimPin pin => [$"{path}/{entry.Key} -> {pin.Object}"],
        _ => [],
    });

    /// <summary>Drops every pin below, late.</summary>
    public void DropAll(SimKernel kernel)
    {
        foreach (var node in _entries.Values)
        {
            if (node is SimDirectory directory)
                directory.DropAll(kernel);
            else if (node is SimPin pin)
                kernel.Later(pin.Object.Drop);
        }

        _entries.Clear();
    }
}

/// <summary>flock(LOCK_EX) on a directory: goes with its owner or when disposed. It stays on the directory even when that is unlinked.</summary>
internal sealed class SimLock : IDisposable
{
    private readonly SimDirectory _directory;

    private SimLock(SimProcess owner, SimDirectory directory)
    {
        Owner = owner;
        _directory = directory;
    }

    public SimProcess Owner { get; }

    /// <summary>Takes the lock; null when somebody has it, the same process included.</summary>
    public static SimLock? TryTake(SimProcess owner, SimDirectory directory)
    {
        if (directory.Lock is not null)
            return null;
        var taken = new SimLock(owner, directory);
        directory.Lock = taken;
        owner.Remember(taken);
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LetGo();
        Owner.Forget(this);
    }

    internal void LetGo()
    {
        if (_directory.Lock == this)
            _directory.Lock = null;
    }
}
