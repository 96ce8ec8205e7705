using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Pauses that double up to a limit, each drawn from between nothing and its whole length.</summary>
internal sealed class Backoff(IPace pace, TimeSpan initial, TimeSpan max)
{
    private TimeSpan _ceiling = initial;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        var pause = _ceiling * pace.NextRandom();
        _ceiling = _ceiling * 2 < max ? _ceiling * 2 : max;
        return pause;
    }
}
