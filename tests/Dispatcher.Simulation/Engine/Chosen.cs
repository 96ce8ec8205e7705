namespace Dispatcher.Simulation.Engine;

/// <summary>Choices that were written down; past their end everybody just goes on.</summary>
/// <param name="choices">By number of the decision.</param>
internal sealed class Chosen(IReadOnlyList<int> choices) : ISchedule
{
    private int _position;

    /// <inheritdoc/>
    public Step? Choose(Run run, IReadOnlyList<Step> options)
    {
        var choice = _position < choices.Count ? choices[_position] : 0;
        _position++;
        return options[choice < options.Count ? choice : 0];
    }
}
