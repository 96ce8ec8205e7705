using System.Text.Json;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class StatsTests
{
    private static readonly RecordedHost Host = new()
    {
        Readings =
        [
            new ChainCounts("eth0", new ProgramId(45), [Counts(0, 46, "xdp_firewall", 1, new(0, 10, 90, 0, 0, 0)), Counts(1, 47, "xdp_ids", 1, new(0, 0, 90, 0, 0, 0))]),
            new ChainCounts("eth0", new ProgramId(51), [Counts(0, 46, "xdp_firewall", 2, new(0, 20, 4_000_000_180, 0, 0, 0)), Counts(1, 50, "evil\u001b[31m", 0.5, new(1, 0, 2, 3, 4, 5))]),
            new ChainCounts("eth0", null, []),
        ],
    };

    [Fact]
    public async Task Piped_output_is_one_table_after_the_other()
    {
        var run = await CliRun.Of(Host, "stats", "eth0", "--count", "3");
        Assert.Equal(TimeSpan.FromSeconds(1), Host.Interval);
        Snapshot.Verify(run.Describe("stats", "eth0", "--count", "3"));
    }

    [Fact]
    public async Task On_a_terminal_a_table_takes_the_place_of_the_one_before()
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true, Width: 100, HasColour: true), Host, "stats", "eth0", "--count", "2");
        Assert.Equal(2, run.Output.Split("\x1b[H\x1b[2J").Length - 1);
        var plain = await CliRun.Of(new Screen(IsTerminal: true, Width: 100), Host, "stats", "eth0", "--count", "2");
        Assert.DoesNotContain('\x1b', plain.Output);
        Snapshot.Verify(plain.Describe("stats", "eth0", "--count", "2"));
    }

    [Fact]
    public async Task Eighty_columns_show_the_whole_name_and_the_rate()
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true, Width: 80), Host, "stats", "eth0", "--count", "1");
        Snapshot.Verify(run.Describe("stats", "eth0", "--count", "1"));
    }

    [Fact]
    public async Task Json_is_one_line_for_each_reading()
    {
        var run = await CliRun.Of(Host, "stats", "eth0", "--count", "3", "--interval", "0.5", "--json");
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(TimeSpan.FromSeconds(0.5), Host.Interval);
        Assert.Equal(3, lines.Length);
        foreach (var line in lines)
            JsonDocument.Parse(line).Dispose();
        Snapshot.Verify(run.Output);
    }

    [Fact]
    public async Task Interrupting_it_is_how_it_ends()
    {
        using var interrupt = new CancellationTokenSource();
        var output = new StringWriter();
        var running = CliApp.RunAsync(["stats", "eth0"], new Dispatcher.Cli.Output.CliConsole { Out = output, Error = output }, Host, interrupt.Token);
        await interrupt.CancelAsync();
        Assert.Equal(0, await running);
    }

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--interval", "-1")]
    [InlineData("--interval", "1e3")]
    [InlineData("--interval", "86401")]
    [InlineData("--count", "0")]
    [InlineData("--count", "many")]
    public async Task A_wrong_number_is_a_usage_error(string option, string value)
    {
        var run = await CliRun.Of(Host, "stats", "eth0", option, value);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"{option} takes", run.Error, StringComparison.Ordinal);
    }

    private static ComponentCounts Counts(int slot, uint id, string name, double seconds, VerdictCounts verdicts) =>
        new(slot, new ProgramId(id), name, TimeSpan.FromSeconds(seconds), verdicts);
}
