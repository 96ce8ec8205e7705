using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>A component of a chain, held open; it need not be in the chain any more.</summary>
/// <param name="Program">Owned.</param>
/// <param name="Info">What the kernel says of it.</param>
internal sealed record OpenedComponent(ProgramFd Program, ProgramInfo Info) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Program.Dispose();
}
