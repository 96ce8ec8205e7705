using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Finds the network namespaces that can be reached from here: by name, process, thread, fd or mount.</summary>
/// <remarks>
/// Not seen: one that only a socket keeps alive, one mounted in a mount namespace without a process, one whose fd is on
/// its way between two processes.
/// </remarks>
internal sealed class NamespaceSearch
{
    // Ways to the same namespace may end while we look; more than a few are not needed.
    private const int MaxWays = 8;
    private static readonly ImmutableArray<string> NameFolders = [NetworkNamespace.NamesFolder, "/var/run/netns"];

    private readonly ProcFs _proc = new();
    private readonly OrderedDictionary<NamespaceIdentity, NamespaceWays> _found = [];
    private readonly HashSet<NamespaceIdentity> _mountNamespaces = [];
    private readonly HashSet<ulong> _mounted = [];

    // A mount below another mount is known and cannot be reached by its path.
    private bool IsEveryMountFound => _mounted.IsSubsetOf(_found.Keys.Select(identity => identity.Inode));

    /// <summary>Reads the interfaces of every namespace but one.</summary>
    /// <param name="own">The one that is left out.</param>
    public static NamespaceReading Run(NamespaceIdentity own)
    {
        var search = new NamespaceSearch();
        search.Look();
        if (!search.IsEveryMountFound)
            search._proc.NoteGap();
        search._found.Remove(own);
        ImmutableArray<NamespaceHooks> read = [.. search._found.Select(found => search.Read(found.Key, found.Value)).OfType<NamespaceHooks>()];
        return new NamespaceReading(read, !search._proc.HasGap && HolderSearch.SeesAllProcesses(search._proc));
    }

    private void Look()
    {
        foreach (var folder in NameFolders)
            LookAtNames(folder);
        foreach (var process in _proc.Processes())
        {
            foreach (var task in _proc.Tasks(process))
            {
                Note(task.Folder + "/ns/net", task.Folder, name: null);
                if (!ProcFs.SharesFds(task) || task.Thread == process)
                    LookAtFds(task);
            }

            LookAtMounts(process);
        }
    }

    private void LookAtNames(string folder)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
                Note(path, owner: null, Path.GetFileName(path));
        }
        catch (DirectoryNotFoundException)
        {
            // Nobody has named a namespace yet.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _proc.NoteGap();
        }
    }

    // An fd that was opened by name is shown as its path, or as / once the name is deleted.
    private void LookAtFds(ProcTask task)
    {
        foreach (var (number, target) in _proc.Fds(task))
        {
            if (target.StartsWith("net:[", StringComparison.Ordinal) || (target.StartsWith('/') && !target.StartsWith("/dev/", StringComparison.Ordinal)))
                Note(string.Create(CultureInfo.InvariantCulture, $"{task.Folder}/fd/{number}"), task.Folder, name: null);
        }
    }

    private void LookAtMounts(int process)
    {
        var folder = ProcFs.FolderOf(process);
        if (_proc.Identify(folder + "/ns/mnt", folder) is not { } mounts
            || !_mountNamespaces.Add(NamespaceIdentity.Of(mounts))
            || _proc.ReadText(folder + "/mountinfo", folder) is not { } table)
            return;
        foreach (var mount in MountTable.Read(table.Split('\n')))
        {
            if (MountTable.NetworkNamespaceOf(mount) is not { } inode)
                continue;
            _mounted.Add(inode);
            Note(folder + "/root" + mount.Point, folder, name: null);
        }
    }

    private void Note(string path, string? owner, string? name)
    {
        if (_proc.Identify(path, owner) is not { } file || !NetworkNamespace.IsNamespace(file))
            return;
        var identity = NamespaceIdentity.Of(file);
        if (!_found.TryGetValue(identity, out var ways))
            _found.Add(identity, ways = new NamespaceWays(name ?? path));
        if (ways.Paths.Count < MaxWays)
            ways.Paths.Add(path);
    }

    private NamespaceHooks? Read(NamespaceIdentity identity, NamespaceWays ways)
    {
        foreach (var path in ways.Paths)
        {
            try
            {
                using var network = NetworkNamespace.Open(path);
                if (network?.Identity == identity)
                    return new NamespaceHooks(ways.Name, new RtnetlinkHook(network).ReadAll());
            }
            catch (KernelException)
            {
                _proc.NoteGap();
                return null;
            }
        }

        // Every way has ended: so has the namespace, or it is now among those that cannot be seen.
        return null;
    }

    /// <summary>A namespace and the paths that led to it.</summary>
    private sealed record NamespaceWays(string Name)
    {
        public List<string> Paths { get; } = [];
    }
}
