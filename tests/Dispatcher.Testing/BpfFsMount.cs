namespace Dispatcher.Testing;

/// <summary>A BPF file system of its own in a temp folder, unmounted on dispose. Needs root.</summary>
public sealed class BpfFsMount : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Mounts it; skips the test when not root (fails in CI).</summary>
    public BpfFsMount()
    {
        Need.Root();
        Tool.Run("mount", "-t", "bpf", "bpf", _folder.FullPath).OrFail();
    }

    /// <summary>Mount point.</summary>
    public string Path => _folder.FullPath;

    /// <summary>Paths of all pins and directories on it, relative to the mount point, in order.</summary>
    public IReadOnlyList<string> Entries() =>
    [
        .. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
            .Select(entry => System.IO.Path.GetRelativePath(Path, entry))
            .Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        // Lazily: a pin that is being closed elsewhere must not keep the folder.
        Tool.Run("umount", "-l", Path);
        _folder.Dispose();
    }
}
