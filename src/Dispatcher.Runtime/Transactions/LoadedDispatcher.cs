using Dispatcher.Compiler.Emit;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>A generated dispatcher in the kernel, attached nowhere yet.</summary>
/// <param name="Program">Owned.</param>
/// <param name="Generated">What was loaded.</param>
internal sealed record LoadedDispatcher(ProgramFd Program, DispatcherObject Generated) : IDisposable
{
    /// <summary>Type id, in the dispatcher's BTF, of a stub or of the entry function.</summary>
    public uint FunctionTypeId(string function) => Generated.FunctionTypeId(function).Value;

    /// <inheritdoc/>
    public void Dispose() => Program.Dispose();
}
