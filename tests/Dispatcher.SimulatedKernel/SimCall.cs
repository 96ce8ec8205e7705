namespace Dispatcher.SimulatedKernel;

/// <summary>The moment before a call has any effect: a test may act in another process, fail the call, or kill the caller.</summary>
/// <param name="Process">Who calls.</param>
/// <param name="Operation">Name of the port's method.</param>
/// <param name="Arguments">For people and for picking a call; paths and ids stand in it.</param>
/// <param name="Index">Calls of this process before this one.</param>
internal sealed record SimCall(SimProcess Process, string Operation, string Arguments, int Index)
{
    /// <summary>The call has no effect and ends in this errno.</summary>
    /// <param name="errno">Positive.</param>
    /// <param name="text">The kernel's text, or null.</param>
    public void FailWith(int errno, string? text = null) => throw new SysError(errno, text);

    /// <summary>The caller dies before the call has any effect.</summary>
    public void Crash()
    {
        Process.Kill();
        throw new ProcessDiedException(Process);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Process.Name} {Index}: {Operation}({Arguments})";
}
