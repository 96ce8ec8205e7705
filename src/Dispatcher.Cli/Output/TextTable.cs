using System.Text;

namespace Dispatcher.Cli.Output;

/// <summary>One cell.</summary>
/// <param name="Text">Escaped already.</param>
/// <param name="Ink">Its meaning.</param>
internal readonly record struct Cell(string Text, Ink Ink = Ink.Plain);

/// <summary>One column.</summary>
/// <param name="Title">Heading.</param>
/// <param name="IsRight">Whether cells stand at the right edge.</param>
/// <param name="NarrowestWidth">On a narrow terminal cells may be broken into lines of this width; 0: never.</param>
/// <param name="MayBeLeftOut">Left out when the terminal is too narrow for all columns.</param>
/// <param name="MayBeLeftOutAsZero">Left out before any other, from the right, when all of its cells are 0.</param>
/// <param name="IsBrokenLast">Broken only when leaving out columns was not enough.</param>
internal readonly record struct Column(
    string Title, bool IsRight = false, int NarrowestWidth = 0, bool MayBeLeftOut = false, bool MayBeLeftOutAsZero = false, bool IsBrokenLast = false);

/// <summary>A table: drawn with borders on a terminal, as aligned columns elsewhere.</summary>
/// <param name="columns">At least one.</param>
internal sealed class TextTable(params Column[] columns)
{
    private readonly List<Cell[]> _rows = [];

    /// <summary>The columns.</summary>
    public IReadOnlyList<Column> Columns => columns;

    /// <summary>The rows, each with a cell per column.</summary>
    public IReadOnlyList<Cell[]> Rows => _rows;

    /// <summary>Adds a row.</summary>
    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Writes the table as the console can show it.</summary>
    public void Write(CliConsole console)
    {
        if (console.IsTerminal)
            TerminalTable.Write(this, console);
        else
            WriteAligned(console.Out);
    }

    private void WriteAligned(TextWriter output)
    {
        var widths = columns.Select((c, i) => Math.Max(c.Title.Length, _rows.Select(r => r[i].Text.Length).DefaultIfEmpty().Max())).ToArray();
        WriteLine(output, [.. columns.Select(c => c.Title.ToUpperInvariant())], widths);
        foreach (var row in _rows)
            WriteLine(output, [.. row.Select(c => c.Text)], widths);
    }

    private void WriteLine(TextWriter output, string[] texts, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < texts.Length; i++)
        {
            line.Append("  ");
            line.Append(columns[i].IsRight ? texts[i].PadLeft(widths[i]) : texts[i].PadRight(widths[i]));
        }

        output.Write(line.ToString().TrimEnd());
        output.Write('\n');
    }
}
