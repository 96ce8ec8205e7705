using System.Collections.Immutable;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Files;

/// <summary>The BPF file systems of the machine; a path outside them does not exist.</summary>
internal sealed class SimBpfFs(SimKernel kernel)
{
    private readonly SortedDictionary<string, SimDirectory> _mounts = new(StringComparer.Ordinal)
    {
        ["/sys/fs/bpf"] = new SimDirectory(kernel.Clock),
    };

    /// <summary>Every pin and directory below the mounts, sorted; for comparing before and after.</summary>
    public ImmutableArray<string> Everything =>
        [.. _mounts.SelectMany(mount => mount.Value.Walk(mount.Key)).Order(StringComparer.Ordinal)];

    /// <summary>Where they are mounted.</summary>
    public ImmutableArray<string> Mounts => [.. _mounts.Keys];

    /// <summary>Mounted read-only: pins are neither made nor removed nor opened.</summary>
    public bool IsReadOnly { get; set; }

    public bool IsOn(string path) => TryFind(path) is not null;

    public void Mount(string path) => _mounts.TryAdd(path.TrimEnd('/'), new SimDirectory(kernel.Clock));

    /// <summary>Takes a mount away with all its pins, as when its namespace ends.</summary>
    public void Unmount(string path)
    {
        if (!_mounts.Remove(path.TrimEnd('/'), out var root))
            return;
        foreach (var folder in root.Walk(path.TrimEnd('/')).Where(below => below.EndsWith('/')))
            Tell(folder.TrimEnd('/'), isItself: true);
        root.DropAll(kernel);
    }

    /// <exception cref="SysError">EEXIST, or ENOENT without a parent.</exception>
    public void MakeDirectory(string path) => Add(path, new SimDirectory(kernel.Clock));

    /// <exception cref="SysError">ENOENT, ENOTDIR, ENOTEMPTY.</exception>
    public void RemoveDirectory(string path)
    {
        if (FindDirectory(path).Names.Length > 0)
            throw new SysError(KernelErrno.ENOTEMPTY);
        var (parent, name) = Split(path);
        parent.Remove(name, kernel.Clock);
        Tell(path, isItself: true);
    }

    public ImmutableArray<string> List(string path) => FindDirectory(path).Names;

    public TimeSpan Age(string path) => kernel.Clock - FindDirectory(path).Changed;

    /// <exception cref="SysError">EEXIST, or ENOENT without a parent.</exception>
    public void Pin(KernelObject target, string path)
    {
        Add(path, new SimPin(target));
        target.Hold();
    }

    /// <exception cref="SysError">ENOENT; EACCES for a directory.</exception>
    public KernelObject Get(string path) => TryFind(path) switch
    {
        SimPin when IsReadOnly => throw new SysError(KernelErrno.EROFS),
        SimPin pin => pin.Object,
        SimDirectory => throw new SysError(KernelErrno.EACCES),
        _ => throw new SysError(KernelErrno.ENOENT),
    };

    /// <summary>Removes a pin; its reference goes later.</summary>
    /// <exception cref="SysError">ENOENT; EPERM for a directory.</exception>
    public void Unpin(string path)
    {
        RequireWritable();
        var (parent, name) = Split(path);
        if (parent.Find(name) is not SimPin pin)
            throw new SysError(parent.Find(name) is null ? KernelErrno.ENOENT : KernelErrno.EPERM);
        parent.Remove(name, kernel.Clock);
        Tell(path[..path.LastIndexOf('/')], isItself: false);
        kernel.Later(pin.Object.Drop);
    }

    /// <exception cref="SysError">ENOENT, ENOTDIR.</exception>
    public SimDirectory FindDirectory(string path) => TryFind(path) switch
    {
        SimDirectory directory => directory,
        null => throw new SysError(KernelErrno.ENOENT),
        _ => throw new SysError(KernelErrno.ENOTDIR),
    };

    private void RequireWritable()
    {
        if (IsReadOnly)
            throw new SysError(KernelErrno.EROFS);
    }

    private void Tell(string folder, bool isItself)
    {
        if (kernel.TellsRemovals)
            kernel.Networks.ForEach(network => network.TellRemoval(folder, isItself));
    }

    private void Add(string path, SimNode node)
    {
        RequireWritable();
        var (parent, name) = Split(path);
        if (name.Contains('.', StringComparison.Ordinal))
            throw new SysError(KernelErrno.EPERM);
        parent.Add(name, node, kernel.Clock);
    }

    private (SimDirectory Parent, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return (FindDirectory(path[..slash]), path[(slash + 1)..]);
    }

    private SimNode? TryFind(string path)
    {
        path = path.TrimEnd('/');
        foreach (var (mountPath, root) in _mounts)
        {
            if (path == mountPath)
                return root;
            if (path.StartsWith(mountPath + "/", StringComparison.Ordinal))
                return Descend(root, path[(mountPath.Length + 1)..]);
        }

        return null;
    }

    private static SimNode? Descend(SimNode node, string path)
    {
        foreach (var name in path.Split('/'))
        {
            if (node is not SimDirectory directory || directory.Find(name) is not { } next)
                return null;
            node = next;
        }

        return node;
    }
}
