namespace Dispatcher.Runtime.Transactions;

/// <summary>A change that can be planned and made, with what it needs held open.</summary>
/// <param name="change">The change.</param>
/// <param name="held">Owned.</param>
internal sealed class PreparedChange(IChainChange change, params IReadOnlyList<IDisposable> held) : IDisposable
{
    /// <summary>The change.</summary>
    public IChainChange Change { get; } = change;

    /// <summary>The component that goes, when it was named by name: its place may be taken by another one before the change is made.</summary>
    public ProgramId? GoesByName { get; init; }

    /// <summary>Remarks beside those of the plan.</summary>
    public IReadOnlyList<ChangeNote> Notes { get; init; } = [];

    /// <summary>What <see cref="FillMaps"/> does; null: nothing.</summary>
    public Action? Filling { get; set; }

    /// <summary>Fills the maps of newcomers, unless that was done: before the change is made, and not when it is only planned.</summary>
    public void FillMaps()
    {
        var fill = Filling;
        Filling = null;
        fill?.Invoke();
    }

    /// <summary>The result of the change, with the remarks.</summary>
    public ChangeResult AddNotesTo(ChangeResult result) => result with { Notes = [.. result.Notes, .. Notes] };

    /// <summary>What the change would do, with the remarks.</summary>
    public ChangePreview AddNotesTo(ChangePreview preview) => preview with { Notes = [.. preview.Notes, .. Notes] };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var each in held)
            each.Dispose();
    }
}
