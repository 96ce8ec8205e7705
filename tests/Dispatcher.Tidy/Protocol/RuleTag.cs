using System.Text.RegularExpressions;

namespace Dispatcher.Tidy.Protocol;

/// <summary>One id at one test: <c>[Rule("P-017")]</c> at a test method, or the first argument of a contract rule.</summary>
/// <param name="Id">The id.</param>
/// <param name="Test">Path and name; null when what follows the attribute is no test.</param>
/// <param name="Path">The file.</param>
internal sealed partial record RuleTag(string Id, string? Test, string Path)
{
    /// <summary>Every tag of a source file of tests.</summary>
    public static IEnumerable<RuleTag> Read(SourceFile file)
    {
        var isTest = file.Path.StartsWith("tests/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal);
        if (!isTest || file.Path.StartsWith("tests/Dispatcher.Tidy/", StringComparison.Ordinal))
            yield break;
        var code = string.Join('\n', file.CodeLines);
        foreach (Match block in AttributeBlock().Matches(code))
        {
            var test = TestAttribute().IsMatch(block.Groups["attributes"].Value) && block.Groups["name"].Success
                ? $"{System.IO.Path.GetFileNameWithoutExtension(file.Path)}.{block.Groups["name"].Value}"
                : null;
            foreach (Match rule in RuleAttribute().Matches(block.Groups["attributes"].Value))
            {
                foreach (Match id in AnyId().Matches(rule.Value))
                    yield return new RuleTag(id.Value, test, file.Path);
            }
        }

        foreach (Match contract in ContractRule().Matches(code))
        {
            foreach (var id in contract.Groups["ids"].Value.Split(' '))
                yield return new RuleTag(id, $"contract: {contract.Groups["name"].Value}", file.Path);
        }
    }

    // Attribute lines one after another, and the method behind them where there is one.
    [GeneratedRegex(@"(?<attributes>(?:^[ \t]*\[[A-Z].*\][ \t]*\n)+)(?:[ \t]*public (?:static )?(?:async )?(?:void|Task) (?<name>\w+)\()?", RegexOptions.Multiline)]
    private static partial Regex AttributeBlock();

    [GeneratedRegex(@"\[\w*(Fact|Theory)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"\bRule\((""[^""]*""(, )?)+\)")]
    private static partial Regex RuleAttribute();

    [GeneratedRegex(@"P-\d+")]
    private static partial Regex AnyId();

    [GeneratedRegex(@"\bnew\(""(?<ids>P-\d+(?: P-\d+)*)"",\s*""(?<name>[^""]+)""")]
    private static partial Regex ContractRule();
}
