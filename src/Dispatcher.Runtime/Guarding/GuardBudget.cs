namespace Dispatcher.Runtime.Guarding;

/// <summary>Attempts that may still be made, so that nothing becomes a fight over an interface.</summary>
/// <param name="most">Attempts within the window.</param>
/// <param name="window">Its length.</param>
internal sealed class GuardBudget(int most, TimeSpan window)
{
    private readonly LinkedList<TimeSpan> _spent = [];
    private int _interfaceIndex;

    /// <summary>Counts for an interface from now on: one that was made anew is not what anybody fought over.</summary>
    public void Follow(int interfaceIndex)
    {
        if (interfaceIndex != _interfaceIndex)
            _spent.Clear();
        _interfaceIndex = interfaceIndex;
    }

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
