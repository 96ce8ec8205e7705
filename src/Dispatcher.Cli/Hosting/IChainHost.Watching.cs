using Dispatcher.Runtime;

namespace Dispatcher.Cli.Hosting;

/// <content>Looking into a running chain.</content>
internal partial interface IChainHost
{
    /// <summary>Counters of a chain, once every interval until cancelled; see <see cref="XdpDispatcher.OpenStatisticsAsync"/>.</summary>
    /// <param name="interfaceName">Interface in the network namespace.</param>
    /// <param name="interval">Time between two readings, the first one included.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<ChainCounts> CountAsync(string interfaceName, TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>
    /// Packets of a chain as they come, until cancelled; see <see cref="XdpDispatcher.OpenTraceAsync"/>. The first reading is empty and
    /// comes when recording has begun.
    /// </summary>
    /// <param name="interfaceName">Interface in the network namespace.</param>
    /// <param name="options">Which packets.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<TracedPackets> TraceAsync(string interfaceName, TraceOptions options, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.WatchAsync"/>.</summary>
    IAsyncEnumerable<ChainEvent> WatchAsync(string? interfaceName, WatchOptions options, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.CopyChainAsync"/>.</summary>
    Task<IChainCopy> CopyChainAsync(string interfaceName, CancellationToken cancellationToken);
}
