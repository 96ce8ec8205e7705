using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public async Task Findings_are_shown_one_per_line_with_what_to_do()
    {
        var host = new RecordedHost { Findings = Samples.Findings };
        Snapshot.Verify((await CliRun.Of(host, "doctor")).Describe("doctor") + "\n"
            + (await CliRun.Of(new RecordedHost { Findings = [Samples.Findings[0]] }, "doctor")).Describe("doctor") + "\n"
            + (await CliRun.Of(host, "doctor", "--json")).Describe("doctor", "--json"));
    }

    [Fact]
    public async Task On_a_terminal_findings_fit_its_width()
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true, Width: 72), new RecordedHost { Findings = Samples.Findings }, "doctor");
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 72, line));
        Snapshot.Verify(run.Output);
    }

    [Fact]
    public async Task Advice_is_given_once()
    {
        var failed = Samples.Findings.First(finding => finding.Advice is not null);
        var run = await CliRun.Of(new RecordedHost { Findings = [failed, failed with { Check = "another" }] }, "doctor");
        Assert.Equal(1, run.Output.Split($"do: {failed.Advice}").Length - 1);
        Assert.Equal(1, run.Output.Split("do: as above").Length - 1);
    }

    [Fact]
    public async Task A_failed_check_ends_with_4_and_a_warning_with_0()
    {
        Assert.Equal(4, (await CliRun.Of(new RecordedHost { Findings = Samples.Findings }, "doctor")).ExitCode);
        Assert.Equal(0, (await CliRun.Of(new RecordedHost { Findings = [Samples.Findings[2]] }, "doctor")).ExitCode);
    }
}
