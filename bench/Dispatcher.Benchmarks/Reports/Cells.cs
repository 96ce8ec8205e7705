using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Benchmarks.Measuring;

namespace Dispatcher.Benchmarks.Reports;

/// <summary>A section of the table as text.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Head">Names of the columns.</param>
/// <param name="Lines">Each with as many cells as the head.</param>
internal sealed record Cells(string Title, ImmutableArray<string> Head, ImmutableArray<ImmutableArray<string>> Lines)
{
    /// <summary>The sections of a report.</summary>
    public static IEnumerable<Cells> Of(Report report) => report.Rows.GroupBy(row => row.Section).Select(section => Of(section.Key, [.. section]));

    private static Cells Of(string title, ImmutableArray<Row> rows)
    {
        var peers = rows.SelectMany(row => row.Peers).Select(peer => peer.Name).Distinct().ToImmutableArray();
        var hasLengths = rows.Any(row => row.Components is not null);
        var hasLimit = rows.Any(row => row.Limit is not null);
        return new Cells(
            title,
            ["what", .. hasLengths ? ["components"] : Array.Empty<string>(), "unit", "ours", .. peers.SelectMany(peer => new[] { peer, "ratio (all rounds)" }), .. hasLimit ? ["limit"] : Array.Empty<string>()],
            [.. rows.Select(row => LineOf(row, peers, hasLengths, hasLimit))]);
    }

    private static ImmutableArray<string> LineOf(Row row, ImmutableArray<string> peers, bool hasLengths, bool hasLimit) =>
    [
        row.What, .. hasLengths ? [row.Components?.ToString(CultureInfo.InvariantCulture) ?? ""] : Array.Empty<string>(), row.Unit, Number(row.Ours),
        .. peers.Select(name => row.Peers.FirstOrDefault(peer => peer.Name == name))
            .SelectMany(peer => peer is null ? ["-", "-"] : new[] { Number(peer.Value), Ratio(peer.Ratio) }),
        .. !hasLimit ? Array.Empty<string>() : [row.Limit is { } limit ? Number(limit) : "-"],
    ];

    /// <summary>A figure with as many digits as it deserves.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>Median, and how far the rounds reach. One that is tiny is told as one to so many.</summary>
    public static string Ratio(Spread? ratio) => ratio is null ? "-" : ratio.High is > 0 and < 0.05 && ratio.Low > 0
        ? OneTo(ratio.Median) + (ratio.Low == ratio.High ? "" : $" ({OneTo(ratio.Low)}..{OneTo(ratio.High)})")
        : ratio.Low == ratio.High ? Two(ratio.Median) : $"{Two(ratio.Median)} ({Two(ratio.Low)}..{Two(ratio.High)})";

    private static string OneTo(double value) => $"1/{Number(1 / value)}";

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
