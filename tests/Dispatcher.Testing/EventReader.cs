using Dispatcher.Runtime;

namespace Dispatcher.Testing;

/// <summary>Reads the events of a watch on a real kernel one after the other, each within a time after which the test fails.</summary>
public sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly IAsyncEnumerator<ChainEvent> _events;

    private EventReader(XdpDispatcher dispatcher, string interfaceName, TimeSpan lookInterval) => _events = dispatcher
        .WatchAsync(interfaceName, new WatchOptions { LookInterval = lookInterval }, _cancellation.Token)
        .GetAsyncEnumerator(_cancellation.Token);

    /// <summary>Begins to watch; what is there has been read when this returns.</summary>
    /// <param name="dispatcher">Who watches.</param>
    /// <param name="interfaceName">What is watched.</param>
    /// <param name="lookInterval">Null: only what the kernel tells is noticed.</param>
    public static async Task<EventReader> Begin(XdpDispatcher dispatcher, string interfaceName, TimeSpan? lookInterval = null)
    {
        var reader = new EventReader(dispatcher, interfaceName, lookInterval ?? Timeout.InfiniteTimeSpan);
        try
        {
            await reader.Next(ChainEventKind.Observed);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cancels what is waited for, or what will be.</summary>
    public Task Cancel() => _cancellation.CancelAsync();

    /// <summary>The next event.</summary>
    public async Task<ChainEvent> Next()
    {
        _cancellation.CancelAfter(Patience);
        Assert.True(await _events.MoveNextAsync());
        return _events.Current;
    }

    /// <summary>The next event, which is of this kind.</summary>
    public async Task<ChainEvent> Next(ChainEventKind kind)
    {
        var next = await Next();
        Assert.Equal(kind, next.Kind);
        return next;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _cancellation.Dispose();
    }
}
