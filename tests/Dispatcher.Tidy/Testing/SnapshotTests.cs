using Dispatcher.Testing;

namespace Dispatcher.Tidy.Testing;

public sealed class SnapshotTests
{
    [Fact]
    public void A_snapshot_that_is_missing_fails_and_leaves_what_was_received()
    {
        using var folder = new TempFolder();
        var failure = Snapshot.Compare("one\r\ntwo", folder.PathOf("A.B"), isAccepting: false);
        Assert.Contains("There is no", failure, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\n", File.ReadAllText(folder.PathOf("A.B.received.txt")));
    }

    [Fact]
    public void An_accepted_snapshot_holds_until_the_text_changes()
    {
        using var folder = new TempFolder();
        var stem = folder.PathOf("A.B");
        Assert.Null(Snapshot.Compare("one\ntwo\nthree", stem, isAccepting: true));
        Assert.Null(Snapshot.Compare("one\ntwo\nthree\n", stem, isAccepting: false));
        var failure = Snapshot.Compare("one\n2\nthree", stem, isAccepting: false);
        Assert.Contains("@@ line 2 @@\n  one\n- two\n+ 2\n  three\n", failure, StringComparison.Ordinal);
        Assert.True(File.Exists(stem + ".received.txt"));
        Assert.Null(Snapshot.Compare("one\ntwo\nthree", stem, isAccepting: false));
        Assert.False(File.Exists(stem + ".received.txt"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_still_gives_the_difference()
    {
        var failure = Snapshot.Compare("text", "/proc/no-such-folder/A.B", isAccepting: false);
        Assert.Contains("+ text", failure, StringComparison.Ordinal);
        Assert.Contains("could not be written", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_path_of_CI_is_mapped_to_the_repository()
    {
        Assert.Equal(Repository.PathOf("tests", "A.cs"), Repository.MapSource("/_/tests/A.cs"));
        Assert.Equal("/elsewhere/A.cs", Repository.MapSource("/elsewhere/A.cs"));
        Assert.True(File.Exists(Repository.PathOf("Dispatcher.sln")));
    }

    [Fact]
    public void A_difference_shows_only_its_surroundings()
    {
        var lines = Enumerable.Range(1, 100).Select(i => $"line {i}").ToList();
        var changed = lines.ToList();
        changed[49] = "changed";
        changed.Insert(52, "added");
        Assert.Equal(
            "@@ line 50 @@\n  line 47\n  line 48\n  line 49\n- line 50\n+ changed\n  line 51\n  line 52\n+ added\n  line 53\n  line 54\n  line 55\n",
            LineDiff.Render(string.Join('\n', lines), string.Join('\n', changed)));
    }

    [Fact]
    public void A_large_difference_is_cut()
    {
        var text = LineDiff.Render("", string.Join('\n', Enumerable.Range(1, 10_000)));
        Assert.Contains("more lines", text, StringComparison.Ordinal);
        Assert.True(text.Length < 2000);
    }
}
