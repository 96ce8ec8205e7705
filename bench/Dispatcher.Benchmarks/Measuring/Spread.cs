namespace Dispatcher.Benchmarks.Measuring;

/// <summary>A median, and how far the values around it reach.</summary>
/// <param name="Low">The least value.</param>
/// <param name="Median">Half of the values are below.</param>
/// <param name="High">The greatest value.</param>
internal sealed record Spread(double Low, double Median, double High)
{
    /// <summary>Of at least one value, in any order.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return new Spread(sorted[0], sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[^1]);
    }

    /// <summary>How far a value lies outside, as a part of itself; 0: it lies between the least and the greatest one.</summary>
    public double DistanceOf(double value) => value < Low ? (Low - value) / value : value > High ? (value - High) / value : 0;
}
