namespace Dispatcher.Compiler.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("eth0", "eth0")]
    [InlineData("a\u001bb\u202ec\u2028", @"a\x1bb\x202ec\x2028")]
    [InlineData("\U000e0001", @"\xe0001")]
    [InlineData("\U0001f600", "\U0001f600")]
    public void What_a_terminal_would_obey_is_escaped(string text, string printable) => Assert.Equal(printable, Printable.Escape(text));

    [Fact]
    public void It_is_cut_by_what_is_printed_and_not_by_what_was_given()
    {
        var printable = Printable.Escape(new string('\u0001', 1000));
        Assert.Equal(1024 + "...".Length, printable.Length);
        Assert.EndsWith(@"\x01...", printable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Neither_a_character_nor_an_escape_is_cut_in_half(int maxLength)
    {
        Assert.Equal(@"\x01...", Printable.Escape("\u0001\u0001\u0001", Math.Min(maxLength, 7)));
        var pairs = Printable.Escape("\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600", maxLength);
        Assert.Equal(string.Concat(Enumerable.Repeat("\U0001f600", maxLength / 2)) + "...", pairs);
    }
}
