using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Tidy.Rules;

/// <summary>Rules about documents, READMEs and licence headers.</summary>
internal static partial class DocumentRules
{
    private const int MaxReadmeLines = 30;

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("A README of src has at most 30 lines", LongReadmes, new SourceFile("src/X/README.md", string.Concat(Enumerable.Repeat("x\n", 31)))),
        new("Links between documents lead somewhere", DeadLinks, new SourceFile("docs/a.md", "see [b](no-such-file.md)\n")),
        new("C under bpf and templates says its licence", NoLicence, new SourceFile("bpf/a.c", "int x;\n")),
    ];

    private static IEnumerable<string> LongReadmes(SourceFile file)
    {
        var isReadme = file.Path.StartsWith("src/", StringComparison.Ordinal) && Path.GetFileName(file.Path) == "README.md";
        if (isReadme && file.Lines.Length > MaxReadmeLines)
            yield return $"{file.Lines.Length} lines";
    }

    private static IEnumerable<string> DeadLinks(SourceFile file)
    {
        if (!file.Path.EndsWith(".md", StringComparison.Ordinal))
            yield break;
        foreach (var (index, line) in file.Lines.Index())
        {
            foreach (Match match in Link().Matches(InlineCode().Replace(line, "")))
            {
                var target = match.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                    continue;
                var path = Repository.PathOf(Path.GetDirectoryName(file.Path)!, target);
                if (!Path.Exists(path))
                    yield return $"line {index + 1}: {target} does not exist";
            }
        }
    }

    private static IEnumerable<string> NoLicence(SourceFile file)
    {
        var isC = file.Path.EndsWith(".c", StringComparison.Ordinal) || file.Path.EndsWith(".h", StringComparison.Ordinal);
        var isWatched = isC && (file.Path.StartsWith("bpf/", StringComparison.Ordinal) || file.Path.StartsWith("templates/", StringComparison.Ordinal));
        if (isWatched && !file.Lines[0].Contains("SPDX-License-Identifier: ", StringComparison.Ordinal))
            yield return "its first line is no SPDX-License-Identifier";
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();
}
