namespace Dispatcher.Runtime.Guarding;

/// <summary>Attempts that may still be made, so that nothing becomes a fight.</summary>
/// <param name="most">Attempts within the window.</param>
/// <param name="window">Its length.</param>
internal sealed class GuardBudget(int most, TimeSpan window)
{
    private readonly LinkedList<TimeSpan> _spent = [];

    /// <summary>Takes an attempt. False: none is left.</summary>
    /// <param name="now">Time since a fixed start.</param>
    public bool TrySpend(TimeSpan now)
    {
        while (_spent.First is { } oldest && now - oldest.Value >= window)
            _spent.RemoveFirst();
        if (_spent.Count == most)
            return false;
        _spent.AddLast(now);
        return true;
    }

    /// <summary>The last attempt was none: nothing was tried.</summary>
    public void GiveBack() => _spent.RemoveLast();
}
