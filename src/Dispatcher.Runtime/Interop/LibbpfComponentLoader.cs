using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Loads ELF objects with libbpf.</summary>
internal sealed class LibbpfComponentLoader : IComponentLoader
{
    /// <inheritdoc/>
    public LoadedElf Load(ElfLoadRequest request) => throw new ComponentException(request.ObjectName);
}
