using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>How long a change may still go on, by the port's clock.</summary>
internal sealed class Deadline(IPace pace, TimeSpan limit)
{
    private readonly TimeSpan _start = pace.Now;

    /// <summary>Time since the change began.</summary>
    public TimeSpan Elapsed => pace.Now - _start;

    /// <summary>Whether no time is left.</summary>
    public bool HasPassed => Elapsed >= limit;

    /// <summary>Waits, but not past the deadline.</summary>
    public void Wait(TimeSpan duration, CancellationToken cancellationToken)
    {
        var left = limit - Elapsed;
        pace.Wait(duration < left ? duration : left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
    }
}
