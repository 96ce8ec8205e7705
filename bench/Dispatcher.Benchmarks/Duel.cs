using System.Globalization;

namespace Dispatcher.Benchmarks;

/// <summary>Two ways to the same thing, timed in turn.</summary>
/// <param name="What">What was done.</param>
/// <param name="Ours">Median of ours.</param>
/// <param name="Peer">Median of the peer.</param>
/// <param name="Ratios">Peer over ours, per round, rising.</param>
internal sealed record Duel(string What, TimeSpan Ours, TimeSpan Peer, IReadOnlyList<double> Ratios)
{
    /// <summary>Times both once per round, after one round that does not count.</summary>
    public static Duel Run(string what, int rounds, Func<TimeSpan> ours, Func<TimeSpan> peer)
    {
        ours();
        peer();
        var times = Enumerable.Range(0, rounds).Select(_ => (Ours: ours(), Peer: peer())).ToList();
        return new Duel(
            what,
            Median([.. times.Select(time => time.Ours)]),
            Median([.. times.Select(time => time.Peer)]),
            [.. times.Select(time => time.Peer / time.Ours).Order()]);
    }

    /// <summary>One line of the table.</summary>
    public void Print() => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{What,-34} {Microseconds(Ours),12} {Microseconds(Peer),12} {Ratios[Ratios.Count / 2],9:N1}  ({Ratios[0]:N1} .. {Ratios[^1]:N1})"));

    private static TimeSpan Median(TimeSpan[] times) => times.Order().ElementAt(times.Length / 2);

    private static string Microseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:N1} us");
}
