namespace Dispatcher.Tidy.Protocol;

/// <summary>What must hold between the document and the tests.</summary>
internal static class ProtocolRules
{
    /// <summary>Violations, each a line of text.</summary>
    public static IEnumerable<string> Check(ProtocolDocument document, IReadOnlyList<RuleTag> tags)
    {
        var defined = document.Definitions.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        var proven = tags.Where(tag => tag.Test is not null).Select(tag => tag.Id).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. document.Definitions.GroupBy(rule => rule.Id).Where(group => group.Count() > 1)
                .Select(group => $"{group.Key} is defined in lines {string.Join(", ", group.Select(rule => rule.Line))}"),
            .. document.Mentions.Where(mention => !defined.Contains(mention.Id))
                .Select(mention => $"line {mention.Line} mentions {mention.Id}, which is no rule"),
            .. document.LooseWords.Select(line => $"line {line} has a word of RFC 2119 in capitals and no id"),
            .. document.Definitions.Where(rule => !proven.Contains(rule.Id)).Select(rule => $"{rule.Id} (line {rule.Line}) has no test"),
            .. tags.Where(tag => !defined.Contains(tag.Id)).Select(tag => $"{tag.Path} names {tag.Id}, which is no rule"),
            .. tags.Where(tag => tag.Test is null).Select(tag => $"{tag.Path}: {tag.Id} stands where no test is"),
        ];
    }

    /// <summary>Each rule and the tests that prove it.</summary>
    public static string Listing(ProtocolDocument document, IReadOnlyList<RuleTag> tags)
    {
        var tests = tags.ToLookup(tag => tag.Id, tag => tag.Test);
        return string.Join('\n', document.Definitions.Select(rule => $"{rule.Id}  {string.Join("; ", tests[rule.Id].Distinct().Order(StringComparer.Ordinal))}"));
    }
}
