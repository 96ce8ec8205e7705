using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Tidy;

/// <summary>One text file of the repository.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">Contents.</param>
public sealed partial record SourceFile(string Path, string Text)
{
    private static readonly string[] Folders = ["bin", "obj", "artifacts", ".git", "TestResults", ".vs", ".idea"];

    /// <summary>Lines without their ends; the last one, when it is empty, is left out.</summary>
    public string[] Lines { get; } = (Text.EndsWith('\n') ? Text[..^1] : Text).Split('\n');

    /// <summary>Lines of C# without comments and doc comments; strings stay.</summary>
    public IEnumerable<string> CodeLines => Lines.Select(line => Comment().Replace(line, ""));

    /// <summary>Every text file of the repository.</summary>
    public static IReadOnlyList<SourceFile> ReadAll() =>
        [.. Paths().Where(path => File.Exists(Repository.PathOf(path))).Select(Read).OfType<SourceFile>().OrderBy(f => f.Path, StringComparer.Ordinal)];

    private static SourceFile? Read(string path)
    {
        var text = File.ReadAllText(Repository.PathOf(path));
        return text.Contains('\0', StringComparison.Ordinal) ? null : new SourceFile(path, text);
    }

    private static IEnumerable<string> Paths()
    {
        if (Tool.Find("git") is not null)
        {
            var listed = Tool.Run("git", "-c", "safe.directory=*", "-C", Repository.Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
            if (listed.ExitCode == 0)
                return listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct();
        }

        return Walk(Repository.Root).Select(path => System.IO.Path.GetRelativePath(Repository.Root, path));
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(sub => !Folders.Contains(System.IO.Path.GetFileName(sub)))
            .SelectMany(Walk));

    [GeneratedRegex(@"^\s*(///?.*|\*.*)$|(?<=[;{}),\s])//\s.*$")]
    private static partial Regex Comment();
}
