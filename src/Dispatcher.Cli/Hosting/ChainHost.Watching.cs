using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Hosting;

/// <content>Looking into a running chain.</content>
internal sealed partial class ChainHost
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ChainCounts> CountAsync(
        string interfaceName, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var statistics = await Dispatcher.OpenStatisticsAsync(interfaceName, cancellationToken);
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            yield return await statistics.ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TracedPackets> TraceAsync(
        string interfaceName, TraceOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var trace = await Dispatcher.OpenTraceAsync(interfaceName, options, cancellationToken);
        while (true)
            yield return await trace.ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChainEvent> WatchAsync(string? interfaceName, WatchOptions options, CancellationToken cancellationToken) =>
        Dispatcher.WatchAsync(interfaceName, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<IChainCopy> CopyChainAsync(string interfaceName, CancellationToken cancellationToken) =>
        new OpenCopy(await Dispatcher.CopyChainAsync(interfaceName, cancellationToken));

    private sealed class OpenCopy(ChainCopy copy) : IChainCopy
    {
        public ImmutableArray<ComponentStatus> Components => copy.Components;

        public JudgedPacket Judge(ReadOnlySpan<byte> packet) => copy.Judge(packet);

        public void Dispose() => copy.Dispose();
    }
}
