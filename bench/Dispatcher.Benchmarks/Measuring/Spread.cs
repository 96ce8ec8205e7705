namespace Dispatcher.Benchmarks.Measuring;

/// <summary>A median and the middle half around it.</summary>
/// <param name="Low">First quartile.</param>
/// <param name="Median">Half of the values are below.</param>
/// <param name="High">Third quartile.</param>
internal sealed record Spread(double Low, double Median, double High)
{
    /// <summary>Of at least one value, in any order.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    // Between two values as far as the quantile lies between their places.
    private static double At(double[] sorted, double quantile)
    {
        var place = quantile * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
