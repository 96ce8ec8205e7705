using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>How long a change may still go on, by the port's clock.</summary>
internal sealed class Deadline(IPace pace, TimeSpan limit)
{
    private readonly TimeSpan _start = pace.Now;

    /// <summary>Time since the change began.</summary>
    public TimeSpan Elapsed => pace.Now - _start;

    /// <summary>Time left; never negative.</summary>
    public TimeSpan Left => limit > Elapsed ? limit - Elapsed : TimeSpan.Zero;

    /// <summary>Whether no time is left.</summary>
    public bool HasPassed => Left == TimeSpan.Zero;

    /// <summary>Waits, but not past the deadline.</summary>
    public void Wait(TimeSpan duration, CancellationToken cancellationToken)
    {
        var left = Left;
        pace.Wait(duration < left ? duration : left, cancellationToken);
    }
}
