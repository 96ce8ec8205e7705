using System.Text.RegularExpressions;

namespace Dispatcher.Tidy.Protocol;

/// <summary>The rules of docs/protocol.md. A rule is one line: a list item, a step or a row that starts with its id in bold.</summary>
/// <param name="Definitions">Ids in the order of the document, with the number of their line; an id that stands twice is here twice.</param>
/// <param name="Mentions">Ids anywhere else, with the number of their line.</param>
/// <param name="LooseWords">Lines without an id that hold a word of RFC 2119 in capitals.</param>
internal sealed partial record ProtocolDocument(
    IReadOnlyList<(string Id, int Line)> Definitions, IReadOnlyList<(string Id, int Line)> Mentions, IReadOnlyList<int> LooseWords)
{
    /// <summary>Path of the document.</summary>
    public const string Path = "docs/protocol.md";

    /// <summary>Reads the document.</summary>
    public static ProtocolDocument Read(SourceFile file)
    {
        var definitions = new List<(string, int)>();
        var mentions = new List<(string, int)>();
        var loose = new List<int>();
        foreach (var (index, line) in file.Lines.Index())
        {
            var definition = Definition().Match(line);
            if (definition.Success)
                definitions.Add((definition.Groups[1].Value, index + 1));
            else if (Requirement().IsMatch(InlineCode().Replace(line, "")))
                loose.Add(index + 1);
            var rest = definition.Success ? line[definition.Length..] : line;
            mentions.AddRange(AnyId().Matches(rest).Select(match => (match.Value, index + 1)));
        }

        return new ProtocolDocument(definitions, mentions, loose);
    }

    [GeneratedRegex(@"^\s*(?:[-*]|\||\d+\.)\s+\*\*(P-\d{3})\*\*")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\bP-\d+\b")]
    private static partial Regex AnyId();

    [GeneratedRegex(@"\b(MUST|SHALL|SHOULD|REQUIRED|RECOMMENDED|MAY|OPTIONAL)\b")]
    private static partial Regex Requirement();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();
}
