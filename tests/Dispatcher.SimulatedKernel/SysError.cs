namespace Dispatcher.SimulatedKernel;

/// <summary>A system call that ends in an errno; the port turns it into the answer that the real one gives.</summary>
/// <param name="errno">Positive.</param>
/// <param name="text">Extended acknowledgement or verifier log, or null.</param>
internal sealed class SysError(int errno, string? text = null) : Exception($"errno {errno} {text}")
{
    /// <summary>Positive.</summary>
    public int Errno { get; } = errno;

    /// <summary>The kernel's own text, or null.</summary>
    public string? Text { get; } = text;
}

/// <summary>The process is dead: its code runs no further. Not a <c>KernelException</c>, so nothing handles it.</summary>
internal sealed class ProcessDiedException(SimProcess process) : Exception($"{process.Name} was killed.")
{
    /// <summary>Who died.</summary>
    public SimProcess Process { get; } = process;
}
