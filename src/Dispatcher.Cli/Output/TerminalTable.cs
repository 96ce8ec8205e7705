using Spectre.Console;

namespace Dispatcher.Cli.Output;

/// <summary>Draws a table that fits the terminal. The only user of Spectre.Console, so that other answers do not load it.</summary>
internal static class TerminalTable
{
    /// <summary>Draws the table.</summary>
    public static void Write(TextTable table, CliConsole console)
    {
        var drawing = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = console.HasColour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = console.HasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(console.Out),
        });
        drawing.Profile.Width = console.Width;
        drawing.Profile.Capabilities.Unicode = console.HasUnicode;

        var grid = new Table { Border = console.HasUnicode ? TableBorder.Rounded : TableBorder.Ascii, BorderStyle = StyleOf(Ink.Quiet) };
        var widths = TableLayout.Fit(table, console.Width);
        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0)
                continue;
            var column = table.Columns[i];
            grid.AddColumn(new TableColumn(new Text(column.Title, StyleOf(Ink.Strong)))
            {
                Width = widths[i],
                Alignment = column.IsRight ? Justify.Right : Justify.Left,
            });
        }

        foreach (var row in table.Rows)
            grid.AddRow(row.Where((_, i) => widths[i] > 0).Select(cell => new Text(cell.Text, StyleOf(cell.Ink))));
        drawing.Write(grid);
    }

    private static Style StyleOf(Ink ink) => ink switch
    {
        Ink.Strong => new Style(decoration: Decoration.Bold),
        Ink.Handle => new Style(Color.Teal),
        Ink.Quiet => new Style(Color.Grey),
        Ink.Good => new Style(Color.Green),
        Ink.Doubtful => new Style(Color.Olive),
        Ink.Bad => new Style(Color.Maroon),
        _ => Style.Plain,
    };
}
