namespace Dispatcher.Benchmarks.Reports;

/// <summary>The table for a terminal.</summary>
internal static class TextTable
{
    /// <summary>Prints it, with the notes below.</summary>
    public static void Print(Report report, TextWriter output)
    {
        output.WriteLine(report.Machine);
        foreach (var section in Cells.Of(report))
        {
            var widths = section.Head.Select((head, column) => section.Lines.Select(line => line[column].Length).Append(head.Length).Max()).ToArray();
            output.WriteLine();
            output.WriteLine(section.Title);
            foreach (var line in section.Lines.Prepend(section.Head))
                output.WriteLine("  " + string.Join("  ", line.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
        }

        foreach (var note in report.Notes)
        {
            output.WriteLine();
            output.WriteLine(note.Heading);
            foreach (var line in note.Lines)
                output.WriteLine("  " + line);
        }
    }
}
