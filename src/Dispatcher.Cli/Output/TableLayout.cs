namespace Dispatcher.Cli.Output;

/// <summary>Divides the width of a terminal among the columns of a table.</summary>
internal static class TableLayout
{
    private const int BorderPerColumn = 3;
    private const int LastBorder = 1;

    /// <summary>Columns of text for each column of the table.</summary>
    /// <returns>0: left out.</returns>
    public static int[] Fit(TextTable table, int totalWidth)
    {
        var natural = table.Columns.Select((c, i) => Math.Max(c.Title.Length, table.Rows.Select(r => r[i].Text.Length).DefaultIfEmpty().Max())).ToArray();
        var narrowest = table.Columns.Select((c, i) => c is { NarrowestWidth: > 0, IsBrokenLast: false } ? Math.Min(natural[i], c.NarrowestWidth) : natural[i]).ToArray();
        for (var i = narrowest.Length - 1; i >= 0; i--)
        {
            if (table.Columns[i].MayBeLeftOutAsZero && table.Rows.All(r => r[i].Text == "0") && WidthOf(natural) > totalWidth)
                (natural[i], narrowest[i]) = (0, 0);
        }

        for (var i = 0; i < narrowest.Length; i++)
        {
            if (table.Columns[i].MayBeLeftOut && WidthOf(narrowest) > totalWidth)
                (natural[i], narrowest[i]) = (0, 0);
        }

        for (var i = 0; i < narrowest.Length; i++)
        {
            if (table.Columns[i].IsBrokenLast && WidthOf(narrowest) > totalWidth)
                narrowest[i] = Math.Min(natural[i], table.Columns[i].NarrowestWidth);
        }

        // What is left goes one by one to the column that lacks most.
        var widths = narrowest;
        for (var left = totalWidth - WidthOf(widths); left > 0; left--)
        {
            var neediest = Enumerable.Range(0, widths.Length).MaxBy(i => natural[i] - widths[i]);
            if (natural[neediest] == widths[neediest])
                break;
            widths[neediest]++;
        }

        return widths;
    }

    private static int WidthOf(int[] widths) => widths.Sum(w => w == 0 ? 0 : w + BorderPerColumn) + LastBorder;
}
