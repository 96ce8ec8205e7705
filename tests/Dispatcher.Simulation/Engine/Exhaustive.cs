namespace Dispatcher.Simulation.Engine;

/// <summary>Every schedule, depth first; what leads to a state that was there before is cut off.</summary>
/// <param name="isSymmetric">All processes do the same: who goes first makes no difference, so the first one does.</param>
internal sealed class Exhaustive(bool isSymmetric) : ISchedule
{
    private readonly List<(int Chosen, int Count)> _path = [];
    private int _firstCount;
    private readonly HashSet<Digest> _seen = [];
    private int _position;

    /// <summary>States met.</summary>
    public int States => _seen.Count;

    /// <summary>The choices of the run at hand, for a replay.</summary>
    public IReadOnlyList<int> Choices => [.. _path.Select(decision => decision.Chosen)];

    /// <inheritdoc/>
    public bool IsRepeating => _position < _path.Count;

    /// <inheritdoc/>
    public Step? Choose(Run run, IReadOnlyList<Step> options)
    {
        if (_position == _path.Count)
        {
            if (!_seen.Add(MachineState.Of(run)))
                return null;
            if (_path.Count == 0)
                _firstCount = options.Count;
            _path.Add((0, isSymmetric && _path.Count == 0 ? 1 : options.Count));
        }

        var (chosen, count) = _path[_position++];
        count = _position == 1 ? _firstCount : count;
        return count == options.Count ? options[chosen]
            : throw new InvalidOperationException($"The same steps did not lead to the same options: {count} were there, and now {options.Count}.");
    }

    /// <summary>Turns to the next schedule. False: that was the last one.</summary>
    public bool Advance()
    {
        _position = 0;
        while (_path.Count > 0)
        {
            var (chosen, count) = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            if (chosen + 1 < count)
            {
                _path.Add((chosen + 1, count));
                return true;
            }
        }

        return false;
    }
}
