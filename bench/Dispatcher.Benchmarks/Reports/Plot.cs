using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dispatcher.Benchmarks.Measuring;

namespace Dispatcher.Benchmarks.Reports;

/// <summary>What grows with the chain, as SVG: a panel per subject, a line for ours, each peer and the limit.</summary>
internal static class Plot
{
    private const int PanelsPerRow = 3;
    private const int PanelWidth = 330;
    private const int PanelHeight = 250;
    private const int Left = 48;
    private const int Right = 14;
    private const int Top = 66;
    private const int Bottom = 34;
    private const int LegendHeight = 30;

    /// <summary>Ours, peers from old to new, limit last.</summary>
    private static readonly string[] Colours = ["#0b7285", "#e8590c", "#f59f00", "#868e96"];

    /// <summary>Writes the plot.</summary>
    public static void Write(string path, Report report)
    {
        var panels = report.Rows.Where(row => row.Components is not null && row.Peers.Any(peer => peer.Value > 0) && row.Unit is "ns" or "ms")
            .GroupBy(row => (row.Section, row.What)).Where(rows => rows.Count() >= PanelsPerRow).Select(rows => rows.ToImmutableArray()).ToList();
        var names = panels.SelectMany(panel => panel[0].Peers).Select(peer => peer.Name).Distinct().ToImmutableArray();
        var svg = new StringBuilder();
        var height = LegendHeight + (panels.Count + PanelsPerRow - 1) / PanelsPerRow * PanelHeight;
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{PanelsPerRow * PanelWidth}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        AddLegend(svg, ["ours", .. names, "limit"]);
        foreach (var (index, panel) in panels.Index())
            AddPanel(svg, panel, names, index % PanelsPerRow * PanelWidth, LegendHeight + index / PanelsPerRow * PanelHeight);
        File.WriteAllText(path, svg.Append("</svg>\n").ToString());
    }

    private static string ColourOf(int line, int lines) => line == lines - 1 ? Colours[^1] : Colours[Math.Min(line, Colours.Length - 2)];

    private static void AddLegend(StringBuilder svg, ImmutableArray<string> names)
    {
        foreach (var (index, name) in names.Index())
        {
            var x = Left + index * 130;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"12\" width=\"16\" height=\"4\" fill=\"{ColourOf(index, names.Length)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 22}\" y=\"18\">{Escape(name)}</text>\n");
        }
    }

    private static void AddPanel(StringBuilder svg, ImmutableArray<Row> rows, ImmutableArray<string> names, int x, int y)
    {
        var lines = new List<ImmutableArray<double?>> { Values(rows, row => row.Ours) };
        lines.AddRange(names.Select(name => Values(rows, row => row.Peers.FirstOrDefault(peer => peer.Name == name)?.Value)));
        lines.Add(Values(rows, row => row.Limit));
        var highest = lines.SelectMany(line => line).Max() is { } max and > 0 ? max : 1;
        var (first, last) = (rows[0].Components!.Value, rows[^1].Components!.Value);
        double AcrossOf(int components) => x + Left + (double)(components - first) / Math.Max(1, last - first) * (PanelWidth - Left - Right);
        double UpOf(double value) => y + PanelHeight - Bottom - Math.Max(0, value) / highest * (PanelHeight - Top - Bottom);

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 10}\" y=\"{y + 30}\" fill=\"#495057\">{Escape(rows[0].Section.Split('(')[0].Trim())}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 10}\" y=\"{y + 46}\" font-weight=\"bold\">{Escape(rows[0].What)}, {rows[0].Unit}</text>\n");
        foreach (var mark in new[] { 0, highest / 2, highest })
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x + Left}\" x2=\"{x + PanelWidth - Right}\" y1=\"{UpOf(mark):0.#}\" y2=\"{UpOf(mark):0.#}\" stroke=\"#dee2e6\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + Left - 5}\" y=\"{UpOf(mark) + 4:0.#}\" text-anchor=\"end\">{Cells.Number(mark)}</text>\n");
        }

        foreach (var components in rows.Select(row => row.Components!.Value))
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{AcrossOf(components):0.#}\" y=\"{y + PanelHeight - Bottom + 16}\" text-anchor=\"middle\">{components}</text>\n");
        foreach (var (index, line) in lines.Index().Reverse())
        {
            var points = rows.Zip(line).Where(point => point.Second is not null)
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"{AcrossOf(point.First.Components!.Value):0.#},{UpOf(point.Second!.Value):0.#}"));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke-width=\"2\" stroke=\"{ColourOf(index, lines.Count)}\" points=\"{string.Join(' ', points)}\"/>\n");
        }
    }

    private static ImmutableArray<double?> Values(ImmutableArray<Row> rows, Func<Row, double?> value) => [.. rows.Select(value)];

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
