using Dispatcher.Testing;

namespace Dispatcher.Packages.Tests.Command;

public sealed class ReproducibleTests
{
    [Fact]
    public void Made_twice_from_one_file_both_packages_are_the_same_bytes()
    {
        using var first = new TempFolder();
        using var second = new TempFolder();
        var tool = PublishedTool();
        Make(tool, first, "022", "UTC", "C");
        // A second later, elsewhere, by somebody with other habits.
        Thread.Sleep(TimeSpan.FromSeconds(1.1));
        Make(tool, second, "077", "Asia/Tokyo", "C.UTF-8");

        var names = NamesIn(first);
        Assert.Equal(2, names.Length);
        Assert.Equal(names, NamesIn(second));
        foreach (var name in names)
            Assert.True(File.ReadAllBytes(first.PathOf(name)).AsSpan().SequenceEqual(File.ReadAllBytes(second.PathOf(name))), $"{name} differs between two runs of eng/package");
    }

    [Fact]
    public void Another_time_of_the_source_is_in_both()
    {
        using var folder = new TempFolder();
        Make(PublishedTool(), folder, "022", "UTC", "C", "1000000000");
        foreach (var name in NamesIn(folder))
        {
            var listed = name.EndsWith(".deb", StringComparison.Ordinal)
                ? Tool.Run("dpkg-deb", "-c", folder.PathOf(name)).OrFail().Output
                : Tool.Run(new ToolRequest("tar", "-tvf", folder.PathOf(name)) { Environment = new Dictionary<string, string?> { ["TZ"] = "UTC" } }).OrFail().Output;
            Assert.All(listed.TrimEnd('\n').Split('\n'), line => Assert.Contains(" 2001-09-09 ", line, StringComparison.Ordinal));
        }
    }

    // What the packages were made from; without them the test is skipped, as all others here.
    private static string PublishedTool()
    {
        _ = CommandPackages.Tarball;
        var tool = Repository.PathOf("artifacts/xdp-dispatch");
        Need.That(File.Exists(tool), "Packages", "needs the packages that ./test.sh makes");
        return tool;
    }

    private static void Make(string tool, TempFolder folder, string mask, string zone, string locale, string? time = null)
    {
        var command = Repository.PathOf("eng/package");
        Tool.Run(new ToolRequest("bash", "-c", $"umask {mask}; exec '{command}' --tool '{tool}' '{folder.FullPath}'")
        {
            Environment = new Dictionary<string, string?> { ["TZ"] = zone, ["LC_ALL"] = locale, ["TMPDIR"] = mask == "077" ? folder.FullPath : null, ["SOURCE_DATE_EPOCH"] = time },
        }).OrFail();
    }

    private static string[] NamesIn(TempFolder folder) => [.. Directory.GetFiles(folder.FullPath).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
