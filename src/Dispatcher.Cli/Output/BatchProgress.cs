using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Counts the interfaces of a batch as they are done.</summary>
internal sealed class BatchProgress : IProgress<InterfaceOutcome>
{
    private int _done;

    /// <summary>How many are done.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <inheritdoc/>
    public void Report(InterfaceOutcome value) => Interlocked.Increment(ref _done);
}
