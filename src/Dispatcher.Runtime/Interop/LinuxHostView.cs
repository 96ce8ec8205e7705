using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Other processes and network namespaces, from /proc.</summary>
internal sealed class LinuxHostView : IHostView
{
    /// <inheritdoc/>
    public HolderReading ReadHolders() => new([], IsComplete: false);

    /// <inheritdoc/>
    public NamespaceReading ReadNamespaces() => new([new NamespaceHooks(null, new RtnetlinkHook().ReadAll())], IsComplete: false);
}
