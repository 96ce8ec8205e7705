using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Tests;

public sealed class TableLayoutTests
{
    [Theory]
    [InlineData(80, "4,31,16,13")]
    [InlineData(77, "4,31,16,13")]
    [InlineData(70, "4,24,16,13")]
    [InlineData(61, "4,15,16,13")]
    [InlineData(60, "4,31,0,13")]
    [InlineData(45, "4,18,0,13")]
    [InlineData(10, "4,15,0,13")]
    public void Columns_share_the_width_and_the_tag_goes_first(int width, string expected)
    {
        var table = new TextTable(
            new Column("Slot"), new Column("Name", NarrowestWidth: 15), new Column("Tag", MayBeLeftOut: true), new Column("Actions", NarrowestWidth: 13));
        table.Add(new Cell("0"), new Cell(new string('n', 31)), new Cell(new string('t', 16)), new Cell("XDP_REDIRECT,"));
        Assert.Equal(expected, string.Join(',', TableLayout.Fit(table, width)));
    }
}
