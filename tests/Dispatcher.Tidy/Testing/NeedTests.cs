using Dispatcher.Testing;

namespace Dispatcher.Tidy.Testing;

public sealed class NeedTests
{
    [Fact]
    public void Reasons_are_read_from_the_table_under_the_heading()
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("testing.md");
        File.WriteAllText(path, $"# T\n\n| x |\n|---|\n| not this |\n\n{SkipPolicy.Heading}\n\nWords.\n\n| reason | why |\n|---|---|\n| needs a | b |\n| needs c | d |\n\n## Next\n| nor |\n|---|\n| that |\n");
        Assert.Equal(["needs a", "needs c"], SkipPolicy.ReadReasons(path).Order(StringComparer.Ordinal));
        Assert.Empty(SkipPolicy.ReadReasons(folder.PathOf("missing.md")));
    }

    [Fact]
    public void The_reason_of_EXT_tests_is_listed_word_for_word() =>
        Assert.Contains(Machine.ExtReason, SkipPolicy.ReadReasons(Repository.PathOf("docs", "testing.md")));

    [Fact]
    public void A_requirement_that_is_met_does_nothing() => Need.That(true, "X", "needs nothing");

    [Fact]
    public void A_tool_that_does_not_exist_is_not_found()
    {
        Assert.Null(Tool.Find("no-such-tool-at-all"));
        Assert.Null(Tool.Find("/no/such/tool"));
        Assert.NotNull(Tool.Find("sh"));
    }
}
