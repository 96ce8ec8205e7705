using System.Text;

namespace Dispatcher.Benchmarks.Reports;

/// <summary>The table in a document, between the lines that mark its place.</summary>
internal static class Document
{
    private const string Begin = "<!-- figures -->\n";
    private const string End = "<!-- end of figures -->";

    /// <summary>Replaces what stands there.</summary>
    /// <param name="path">The document.</param>
    /// <param name="report">What to write.</param>
    public static void Write(string path, Report report)
    {
        var text = File.ReadAllText(path);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{path} does not say where figures go.");
        File.WriteAllText(path, text[..(from + Begin.Length)] + Render(report) + text[to..]);
    }

    private static string Render(Report report)
    {
        var text = new StringBuilder($"{report.Machine}.\n");
        foreach (var section in Cells.Of(report))
        {
            text.Append($"\n### {section.Title}\n\n");
            text.Append(Line(section.Head));
            text.Append(Line([.. section.Head.Select((_, column) => column == 0 ? "---" : "--:")]));
            foreach (var line in section.Lines)
                text.Append(Line(line));
        }

        foreach (var note in report.Notes)
            text.Append($"\n### {note.Heading}\n\n```\n{string.Join('\n', note.Lines)}\n```\n");
        return text.ToString();
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
