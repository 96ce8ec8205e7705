namespace Dispatcher.Testing;

/// <summary>Decides whether a requirement that is not met skips a test or fails it.</summary>
public static class SkipPolicy
{
    /// <summary>The heading in docs/testing.md over the table of reasons.</summary>
    public const string Heading = "## Reasons to skip in CI";

    /// <summary>Whether a test may be left out for this reason, here and now.</summary>
    /// <param name="key">What is missing.</param>
    /// <param name="reason">The reason that the test would be skipped with.</param>
    public static bool MayLeaveOut(string key, string reason)
    {
        var mustHave = (Environment.GetEnvironmentVariable("MUST_HAVE") ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (mustHave.Contains(key, StringComparer.OrdinalIgnoreCase))
            return false;
        return !Repository.IsCi || ReadReasons(Repository.PathOf("docs", "testing.md")).Contains(reason);
    }

    /// <summary>The first column of the table under <see cref="Heading"/>.</summary>
    /// <param name="path">A Markdown file; a missing one lists nothing.</param>
    public static IReadOnlySet<string> ReadReasons(string path)
    {
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return lines
            .SkipWhile(line => line.Trim() != Heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith('|'))
            .Skip(2) // column names and the line under them
            .Select(line => line.Split('|')[1].Trim())
            .ToHashSet(StringComparer.Ordinal);
    }
}
