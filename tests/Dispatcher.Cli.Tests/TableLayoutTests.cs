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

    [Theory]
    [InlineData(63, "4,20,5,5,5,5")]
    [InlineData(62, "4,20,5,5,5,0")]
    [InlineData(55, "4,20,5,5,5,0")]
    [InlineData(54, "4,20,0,5,5,0")]
    [InlineData(46, "4,19,0,5,5,0")]
    public void Columns_of_zeros_go_before_a_name_is_broken(int width, string expected)
    {
        var table = new TextTable(
            new Column("Slot"), new Column("Name", NarrowestWidth: 8, IsBrokenLast: true), new Column("Id", MayBeLeftOut: true), new Column("Per s"),
            new Column("Drops", MayBeLeftOutAsZero: true), new Column("Other", MayBeLeftOutAsZero: true));
        table.Add(new Cell("0"), new Cell(new string('n', 20)), new Cell("12345"), new Cell("10"), new Cell("1"), new Cell("0"));
        table.Add(new Cell("1"), new Cell("short"), new Cell("46"), new Cell("10"), new Cell("0"), new Cell("0"));
        Assert.Equal(expected, string.Join(',', TableLayout.Fit(table, width)));
    }
}
