using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Kernel;

/// <summary>An open file descriptor of one kernel object; disposing it drops this process's reference.</summary>
/// <param name="handle">Owned from here on.</param>
internal abstract class KernelFd(SafeHandle handle) : IDisposable
{
    /// <summary>The handle that an implementation of the port made; borrowed.</summary>
    internal SafeHandle Handle { get; } = handle;

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}

/// <summary>An fd of a loaded program.</summary>
internal sealed class ProgramFd(SafeHandle handle) : KernelFd(handle);

/// <summary>An fd of a map.</summary>
internal sealed class MapFd(SafeHandle handle) : KernelFd(handle);

/// <summary>An fd of a bpf_link. Closing the last one of an unpinned link frees the link at once.</summary>
internal sealed class LinkFd(SafeHandle handle) : KernelFd(handle);

/// <summary>An fd of a BTF object.</summary>
internal sealed class BtfFd(SafeHandle handle) : KernelFd(handle);
