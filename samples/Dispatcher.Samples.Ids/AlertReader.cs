using Dispatcher.Runtime;

namespace Dispatcher.Samples.Ids;

/// <summary>Reads the ring buffer of one program until it is disposed. The kernel keeps what nobody has read yet, as far as the buffer goes.</summary>
internal sealed class AlertReader : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ProgramMap _events;
    private readonly Task _reading;

    /// <summary>Begins to read.</summary>
    /// <param name="ids">The program; borrowed, and only for this call.</param>
    /// <param name="raise">Called for each alert, in order.</param>
    public AlertReader(XdpAttachment ids, Action<Alert> raise)
    {
        Program = ids.Id;
        _events = ids.OpenMap("events");
        _reading = Task.Run(() => ReadAsync(raise));
    }

    /// <summary>Whose alerts they are.</summary>
    public ProgramId Program { get; }

    /// <summary>Ends reading, so that another reader may begin.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _events.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync(Action<Alert> raise)
    {
        await foreach (var record in _events.ReadRingAsync(_stop.Token))
            raise(Alert.Read(record.Span));
    }
}
