namespace Dispatcher.Testing;

/// <summary>A bpffs of its own in a temp folder, unmounted on dispose with every pin in it. Needs root.</summary>
public sealed class BpfFs : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Mounts it; skips the test when not root (fails in CI).</summary>
    public BpfFs()
    {
        Need.Root();
        Tool.Run("mount", "-t", "bpf", "bpf", FullPath).OrFail();
    }

    /// <summary>Where it is mounted; what <c>LIBXDP_BPFFS</c> may name.</summary>
    public string FullPath => _folder.FullPath;

    /// <summary>Full path of a pin in it.</summary>
    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Pins and folders in it, relative to the mount point, in order.</summary>
    public IReadOnlyList<string> Entries() =>
    [
        .. Directory.EnumerateFileSystemEntries(FullPath, "*", SearchOption.AllDirectories)
            .Select(entry => Path.GetRelativePath(FullPath, entry))
            .Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        // Lazily: a peer that was started under it may still hold a folder open.
        Tool.Run("umount", "-l", FullPath).OrFail();
        _folder.Dispose();
    }
}
