namespace Dispatcher.Tidy.Protocol;

public sealed class ProtocolTests
{
    private const string Tests = "tests/X.Tests/ATests.cs";

    [Fact]
    public void Every_rule_of_the_protocol_has_a_test_and_every_tag_a_rule()
    {
        var files = SourceFile.ReadAll();
        var document = ProtocolDocument.Read(files.Single(file => file.Path == ProtocolDocument.Path));
        RuleTag[] tags = [.. files.SelectMany(RuleTag.Read)];
        var violations = ProtocolRules.Check(document, tags).ToList();
        Assert.True(violations.Count == 0, $"{string.Join('\n', violations)}\n\nrule  tests\n{ProtocolRules.Listing(document, tags)}");
        Assert.NotEmpty(document.Definitions);
        TestContext.Current.TestOutputHelper?.WriteLine(ProtocolRules.Listing(document, tags));
    }

    [Theory]
    [InlineData("- **P-001** A writer MUST.\n- **P-001** A reader MUST.\n", "P-001 is defined in lines 1, 2")]
    [InlineData("- **P-001** A writer MUST (P-002).\n", "line 1 mentions P-002, which is no rule")]
    [InlineData("- **P-001** A writer MUST.\n- A reader SHOULD NOT.\n", "line 2 has a word of RFC 2119")]
    [InlineData("1. **P-001** A writer MUST.\n| **P-009** | ok |\n", "P-009 (line 2) has no test")]
    [InlineData("text\n", "names P-001, which is no rule")]
    public void A_document_that_breaks_a_rule_is_seen(string document, string violation) => Assert.Contains(
        Violations(document, "    [Fact]\n    [Rule(\"P-001\")]\n    public void Holds()\n"),
        seen => seen.Contains(violation, StringComparison.Ordinal));

    [Theory]
    [InlineData("    [Rule(\"P-001\")]\n    private static void Help()\n", "P-001 stands where no test is")]
    [InlineData("    [Fact]\n    [Rule(\"P-001\", \"P-002\")]\n    public void Holds()\n", "names P-002, which is no rule")]
    [InlineData("    // [Rule(\"P-001\")]\n    public void Holds()\n", "P-001 (line 1) has no test")]
    public void A_tag_that_breaks_a_rule_is_seen(string test, string violation) => Assert.Contains(
        Violations("- **P-001** A writer MUST.\n", test), seen => seen.Contains(violation, StringComparison.Ordinal));

    [Theory]
    [InlineData("    [ExtTheory]\n    [InlineData(1)]\n    [Rule(\"P-001\")]\n    public async Task Holds(int x)\n")]
    [InlineData("    [Rule(\"P-001\")]\n    [RootFact]\n    public void Holds() => Nothing();\n")]
    [InlineData("        new(\"P-001\", \"A swap is a swap\", false, machine =>\n")]
    public void A_rule_with_a_test_is_in_order(string test) => Assert.Empty(Violations("- **P-001** A writer MUST.\n", test));

    private static List<string> Violations(string document, string test) =>
        [.. ProtocolRules.Check(ProtocolDocument.Read(new SourceFile("docs/protocol.md", document)), [.. RuleTag.Read(new SourceFile(Tests, test))])];
}
