using System.Globalization;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>How often each thing was counted.</summary>
internal sealed class Histogram
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>All that was counted.</summary>
    public int Total => _counts.Values.Sum();

    /// <summary>Adds counts as an actor answers them: <c>1:20,2:3</c>, with an underscore for each space.</summary>
    public void Add(string counts)
    {
        foreach (var pair in counts.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split(':')))
        {
            var what = pair[0].Replace('_', ' ');
            _counts[what] = _counts.GetValueOrDefault(what) + int.Parse(pair[1], CultureInfo.InvariantCulture);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _counts.Select(each => $"{each.Key}: {each.Value}"));
}
