using System.Diagnostics;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>The machine's own time and chance.</summary>
internal sealed class LinuxPace : IPace
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public void Wait(TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(duration);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public double NextRandom() => Random.Shared.NextDouble();
}
