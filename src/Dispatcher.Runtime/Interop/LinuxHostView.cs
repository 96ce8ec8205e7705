using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Other processes and network namespaces, from /proc.</summary>
/// <param name="network">The namespace of the hook, borrowed; null: that of the calling thread.</param>
internal sealed class LinuxHostView(NetworkNamespace? network = null) : IHostView
{
    /// <inheritdoc/>
    public HolderReading ReadHolders() => HolderSearch.Run();

    /// <inheritdoc/>
    public string? ReadCommand(int processId) => CommandOf(processId);

    /// <summary>See <see cref="IHostView.ReadCommand"/>.</summary>
    internal static string? CommandOf(int processId) =>
        new ProcFs().ReadText(ProcFs.FolderOf(processId) + "/comm", ProcFs.FolderOf(processId))?.TrimEnd('\n');

    /// <inheritdoc/>
    public NamespaceReading ReadNamespaces()
    {
        var own = new NamespaceHooks(null, new RtnetlinkHook(network).ReadAll());
        var others = NamespaceSearch.Run(network?.Identity ?? NetworkNamespace.Current);
        return others with { Namespaces = [own, .. others.Namespaces] };
    }
}
