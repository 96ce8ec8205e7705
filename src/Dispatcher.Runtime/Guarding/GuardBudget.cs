namespace Dispatcher.Runtime.Guarding;

/// <summary>Attempts that may still be made, so that nothing becomes a fight.</summary>
/// <param name="most">Attempts within the window.</param>
/// <param name="window">Its length.</param>
internal sealed class GuardBudget(int most, TimeSpan window)
{
    private readonly Queue<TimeSpan> _spent = [];

    /// <summary>Takes an attempt. False: none is left.</summary>
    /// <param name="now">Time since a fixed start.</param>
    public bool TrySpend(TimeSpan now)
    {
        while (_spent.TryPeek(out var oldest) && now - oldest >= window)
            _spent.Dequeue();
        if (_spent.Count == most)
            return false;
        _spent.Enqueue(now);
        return true;
    }
}
