using System.Globalization;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>How often each number of attempts was needed.</summary>
internal sealed class Histogram
{
    private readonly SortedDictionary<int, int> _counts = [];

    /// <summary>All that was counted.</summary>
    public int Total => _counts.Values.Sum();

    /// <summary>Adds counts as an actor answers them: <c>1:20,2:3</c>.</summary>
    public void Add(string counts)
    {
        foreach (var pair in counts.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split(':')))
        {
            var attempts = int.Parse(pair[0], CultureInfo.InvariantCulture);
            _counts[attempts] = _counts.GetValueOrDefault(attempts) + int.Parse(pair[1], CultureInfo.InvariantCulture);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _counts.Select(each => $"{each.Key}: {each.Value}"));
}
