using Dispatcher.Fuzzing;

namespace Dispatcher.Cli.Tests;

/// <summary>A few seconds of what eng/fuzz does for long.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Readers => [.. FuzzTargets.NamesOf("cli")];

    [Theory]
    [MemberData(nameof(Readers))]
    public void What_fuzzing_found_stays_fixed(string reader) => Assert.Equal([], FuzzCheck.Replay(reader));

    [Theory]
    [MemberData(nameof(Readers))]
    public void Mutated_inputs_end_as_documented_and_cost_little(string reader)
    {
        var report = FuzzCheck.Smoke(reader);
        Assert.Equal([], report.Findings.Select(finding => string.Join('\n', finding.Remarks)));
        Assert.True(report.Accepted > 0, "the mutations leave nothing that is well formed");
    }
}
