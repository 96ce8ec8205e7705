using System.Text.Json;
using Dispatcher.Cli.Errors;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

/// <summary>Changes of several interfaces.</summary>
public sealed class BatchTests
{
    private static readonly ForeignProgramException Taken = new("eth1", new ForeignProgram(new ProgramId(7), "stranger", "it has no BTF"));

    [Theory]
    [InlineData("eth0,eth1", "eth0 eth1")]
    [InlineData("eth*", "eth0 eth1")]
    [InlineData("eth?,lo", "eth0 eth1 lo")]
    [InlineData("eth1,eth*", "eth1 eth0")]
    public async Task Names_and_patterns_mean_interfaces(string typed, string meant)
    {
        var host = new RecordedHost { Batch = new BatchResult([]) };
        await CliRun.Of(host, "unload", typed, "-a");
        Assert.Equal(meant.Split(' '), host.BatchNames);
        Assert.Equal(BatchFailurePolicy.Undo, host.BatchOptions!.OnFailure);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("a*")]
    [InlineData("eth?")]
    public async Task What_is_the_name_of_an_interface_is_no_pattern(string name)
    {
        var host = new RecordedHost { InterfaceNames = [name, "eth0"], Change = Samples.Removed };
        await CliRun.Of(host, "unload", name, "-a");
        Assert.Empty(host.BatchNames);
        Assert.IsType<DetachRequest>(host.Request);
    }

    [Fact]
    public async Task Keep_going_is_passed_on()
    {
        var host = new RecordedHost { Batch = new BatchResult([]) };
        await CliRun.Of(host, "load", "eth0,eth1", "a.o", "--keep-going");
        Assert.Equal(BatchFailurePolicy.KeepGoing, host.BatchOptions!.OnFailure);
    }

    [Fact]
    public async Task Programs_that_are_kept_are_named_though_nothing_changes()
    {
        var batch = new BatchResult([.. ((string[])["eth0", "eth1"]).Select(name => new InterfaceOutcome(name, InterfaceOutcomeKind.Unchanged) { Result = Samples.Kept })]);
        var run = await CliRun.Of(new RecordedHost { Batch = batch }, "load", "eth0,eth1", "firewall.o", "--if-absent");
        Assert.Equal((0, $"note: {Samples.Kept.Notes[0].Message}\n"), (run.ExitCode, run.Error));
        run = await CliRun.Of(new RecordedHost { Batch = batch }, "convert", "eth0,eth1", "--protocol", "2");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Every_interface_has_its_line_and_every_reason_is_told_once()
    {
        var text = "";
        foreach (var (name, batch) in Batches())
        {
            string[] args = ["load", "eth*", "a.o"];
            var run = await CliRun.Of(new RecordedHost { Batch = batch }, args);
            text += $"## {name}\n{run.Describe(args)}\n";
            Assert.Equal(batch.Succeeded ? 0 : (int)ExitCode.Foreign, run.ExitCode);
        }

        Snapshot.Verify(text);
    }

    [Fact]
    public async Task Json_holds_the_change_or_the_error_of_each_interface()
    {
        var host = new RecordedHost { Batch = Batches().First(each => each.Name == "put back").Result };
        var run = await CliRun.Of(host, "load", "eth*", "a.o", "--json");
        using var answer = JsonDocument.Parse(run.Output);
        Assert.False(answer.RootElement.GetProperty("ok").GetBoolean());
        var interfaces = answer.RootElement.GetProperty("interfaces").EnumerateArray().ToList();
        Assert.Equal(
            [("eth0", "undone"), ("eth1", "failed"), ("eth2", "not-tried")],
            interfaces.Select(each => (each.GetProperty("ifname").GetString(), each.GetProperty("outcome").GetString())));
        Assert.Equal(2, interfaces[0].GetProperty("change").GetProperty("added").GetArrayLength());
        Assert.Equal("foreign-program", interfaces[1].GetProperty("error").GetProperty("kind").GetString());
        Assert.Equal(run.ExitCode, interfaces[1].GetProperty("error").GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task Wrong_interfaces_are_told()
    {
        var text = "";
        foreach (var typed in new[] { "eth0,,eth1", "wlan*", ",", "eth0, eth1" })
        {
            string[] args = ["unload", typed, "-a"];
            text += (await CliRun.Of(new RecordedHost(), args)).Describe(args) + "\n";
        }

        Snapshot.Verify(text);
    }

    [Fact]
    public async Task A_dry_run_tells_once_what_becomes_of_several_interfaces()
    {
        var host = new RecordedHost { Preview = PlanTests.Joins };
        var run = await CliRun.Of(host, "load", "eth*", "a.o", "--dry-run");
        Assert.Equal(2, run.Output.Split("eth0 (ifindex 2)").Length - 1);
        Assert.Equal(1, run.Output.Split("on each of the 2, native").Length - 1);
        Assert.Equal(1, run.Output.Split("this was a dry run").Length - 1);
        Assert.Equal(1, run.Error.Split("note: ").Length - 1);
        var json = await CliRun.Of(host, "load", "eth*", "a.o", "--dry-run", "--json");
        Assert.Equal(2, json.Output.Split("\"dryRun\": true").Length - 1);
        Assert.StartsWith("{\n  \"ok\": true,\n  \"interfaces\": [", json.Output, StringComparison.Ordinal);
        Assert.Equal(2, json.Output.Split("\"outcome\": \"would-change\"").Length - 1);
    }

    [Fact]
    public async Task A_dry_run_says_which_interfaces_would_be_refused()
    {
        var host = new RecordedHost { Failure = Taken };
        var run = await CliRun.Of(host, "load", "eth0,eth1", "a.o", "--dry-run");
        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        Assert.Contains("eth0, eth1: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: without --keep-going none", run.Error, StringComparison.Ordinal);
        var json = await CliRun.Of(host, "load", "eth0,eth1", "a.o", "--dry-run", "--json", "--keep-going");
        Assert.Equal(2, json.Output.Split("\"kind\": \"foreign-program\"").Length - 1);
        Assert.Equal(2, json.Output.Split("\"outcome\": \"refused\"").Length - 1);
        Assert.StartsWith("{\n  \"ok\": false,", json.Output, StringComparison.Ordinal);
        Assert.Contains("hint: with --keep-going the others", json.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, BatchResult Result)> Batches()
    {
        var first = new InterfaceOutcome("eth0", InterfaceOutcomeKind.Changed) { Result = Samples.AddedWithNote };
        var failed = new InterfaceOutcome("eth1", InterfaceOutcomeKind.Failed) { Failure = Taken };
        yield return ("all changed", new BatchResult([first, first with { InterfaceName = "eth1" }]));
        yield return ("as many as possible", new BatchResult([first, failed, failed with { InterfaceName = "eth2" }]));
        yield return ("put back", new BatchResult([first with { Kind = InterfaceOutcomeKind.Undone }, failed, new InterfaceOutcome("eth2", InterfaceOutcomeKind.NotTried)]));
        yield return ("not put back", new BatchResult([first with { Kind = InterfaceOutcomeKind.NotUndone }, failed]));
    }
}
