using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Diagnostics;

/// <summary>A logger that may fail and never fails its user: it is written to in the middle of changes.</summary>
/// <param name="inner">The host's.</param>
internal sealed class SteadyLogger(ILogger inner) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        var isEnabled = false;
        Listeners.Tell(() => isEnabled = inner.IsEnabled(logLevel));
        return isEnabled;
    }

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Listeners.Tell(() => inner.Log(logLevel, eventId, state, exception, formatter));
}
