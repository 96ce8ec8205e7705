namespace Dispatcher.Tidy.Rules;

/// <summary>One rule of the house.</summary>
/// <param name="Name">The rule as a sentence.</param>
/// <param name="Check">Violations of one file, each a phrase; the path is added.</param>
/// <param name="Planted">A file that breaks the rule.</param>
public sealed record Rule(string Name, Func<SourceFile, IEnumerable<string>> Check, SourceFile Planted)
{
    /// <summary>Every rule that looks at one file at a time.</summary>
    public static IReadOnlyList<Rule> All { get; } = [.. TextRules.All, .. FenceRules.All, .. DocumentRules.All];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
