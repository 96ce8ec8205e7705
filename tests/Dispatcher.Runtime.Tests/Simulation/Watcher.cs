namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>Reads the events of a watch one after the other; each reading runs to its end before the next.</summary>
internal sealed class Watcher(IAsyncEnumerable<ChainEvent> events) : IDisposable
{
    private readonly IAsyncEnumerator<ChainEvent> _events = events.GetAsyncEnumerator();

    /// <summary>The next event; an endless wait for one that does not come ends with the simulated kernel's bound of calls.</summary>
    public ChainEvent Next()
    {
        Assert.True(_events.MoveNextAsync().AsTask().GetAwaiter().GetResult());
        return _events.Current;
    }

    /// <summary>The next event, which is of this kind.</summary>
    public ChainEvent Next(ChainEventKind kind)
    {
        var next = Next();
        Assert.Equal(kind, next.Kind);
        return next;
    }

    /// <inheritdoc/>
    public void Dispose() => _events.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
