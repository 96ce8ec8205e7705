using Dispatcher.Compiler.Emit;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>A generated dispatcher in the kernel, attached nowhere yet.</summary>
/// <param name="Program">Owned.</param>
/// <param name="Generated">What was loaded.</param>
internal sealed record LoadedDispatcher(ProgramFd Program, DispatcherObject Generated) : IDisposable
{
    /// <summary>Whether it takes packets in several buffers.</summary>
    public bool HasFrags => Generated.HasFrags;

    /// <summary>Type id, in the dispatcher's BTF, of the function that the component of a slot replaces.</summary>
    public uint TargetTypeId(int slot) => Generated.TargetOf(slot).BtfId.Value;

    /// <inheritdoc/>
    public void Dispose() => Program.Dispose();
}
