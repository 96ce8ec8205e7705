using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>A BPF file system of its own in a temp folder, unmounted on dispose.</summary>
internal sealed class OwnBpfFs : IDisposable
{
    private readonly TempFolder _folder = new();

    public OwnBpfFs(IBpfFs files)
    {
        Root = _folder.PathOf("bpffs");
        files.Mount(Root);
    }

    /// <summary>Its mount point.</summary>
    public string Root { get; }

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        Tool.Run("umount", Root).OrFail();
        _folder.Dispose();
    }
}
