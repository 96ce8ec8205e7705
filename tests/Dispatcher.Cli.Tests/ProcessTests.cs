using System.Diagnostics;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

/// <summary>The built tool as a process of its own.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Answers_and_messages_go_to_their_own_streams()
    {
        var version = BuiltTool.Run("--version");
        Assert.Equal((0, ""), (version.ExitCode, version.Error));
        Assert.StartsWith("xdp-dispatch ", version.Output, StringComparison.Ordinal);
        var wrong = BuiltTool.Run("stauts");
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Equal("xdp-dispatch: no such verb: 'stauts'\nhint: did you mean 'status'? 'xdp-dispatch --help' lists the verbs\n", wrong.Error);
    }

    [Fact]
    public async Task Every_process_emits_the_same_bytes_as_this_one()
    {
        string[] args = ["emit", "--slot", "prio=10,actions=XDP_PASS+XDP_TX", "--slot", "prio=20,frags", "--endian", "big"];
        var here = await CliRun.Of(args);
        Assert.Equal(here.Bytes, BuiltTool.Run(args).OutputBytes.ToArray());
        Assert.Equal(here.Bytes, BuiltTool.Run(args).OutputBytes.ToArray());
        Assert.Equal((await CliRun.Of("emit", "--format", "c")).Output, BuiltTool.Run("emit", "--format", "c").Output);
    }

    [Fact]
    public void A_pipe_gets_neither_colour_nor_borders()
    {
        var help = BuiltTool.Run("--help");
        Assert.DoesNotContain("\x1b", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_stops_early_is_no_error()
    {
        var result = Tool.Run("bash", "-c", $"set -o pipefail; '{BuiltTool.FilePath}' emit --format c | head -1");
        Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_once_nobody_reads_the_answer()
    {
        var result = Tool.Run("bash", "-c", $"set -o pipefail; {{ sleep 0.3; '{BuiltTool.FilePath}' emit --format c; }} | true");
        Assert.Equal((141, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("emit >&- 2>&-")]
    [InlineData("help >&- 2>&-")]
    [InlineData("status nonsense <&- >&- 2>&-")]
    public void Without_standard_streams_it_ends_with_an_error_and_by_itself(string line)
    {
        var result = Tool.Run("bash", "-c", $"'{BuiltTool.FilePath}' {line}");
        Assert.InRange(result.ExitCode, 1, 6);
    }

    [Fact]
    public void An_answer_is_added_to_a_file()
    {
        var result = Tool.Run("bash", "-c", $"f=$(mktemp); echo first >$f; '{BuiltTool.FilePath}' --version >>$f; '{BuiltTool.FilePath}' --version >>$f 2>&1; cat $f; rm $f");
        Assert.Equal(3, result.Output.TrimEnd().Split('\n').Length);
        Assert.StartsWith("first\nxdp-dispatch ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("emit")]
    [InlineData("emit --json")]
    [InlineData("emit --format c")]
    public void An_answer_that_cannot_be_written_is_an_error(string args)
    {
        var result = Tool.Run("bash", "-c", $"'{BuiltTool.FilePath}' {args} > /dev/full");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("xdp-dispatch: standard output cannot be written: No space left on device", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", "inspect")]
    [InlineData("TERM", "inspect")]
    [InlineData("INT", "load", "lo")]
    [InlineData("TERM", "replace", "lo", "firewall")]
    [InlineData("TERM", "explain", "lo", "--pcap")]
    [InlineData("TERM", "emit", "-o")]
    public async Task A_signal_ends_it_with_130_and_a_message(string signal, params string[] before)
    {
        using var folder = new TempFolder();
        var pipe = folder.PathOf("never.o");
        Tool.Run("mkfifo", pipe).OrFail();
        // The runtime's diagnostics have pipes of their own, which would be mistaken for ours.
        var start = new ProcessStartInfo(BuiltTool.FilePath, [.. before, pipe]) { RedirectStandardError = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        try
        {
            await WaitUntilItWaits(process);
            Tool.Run("kill", "-" + signal, $"{process.Id}").OrFail();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Equal(130, process.ExitCode);
            Assert.StartsWith("xdp-dispatch: interrupted", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    // It waits when one of its threads is in open(2) of the pipe.
    private static async Task WaitUntilItWaits(Process process)
    {
        for (var i = 0; i < 600; i++)
        {
            var threads = Directory.EnumerateDirectories($"/proc/{process.Id}/task").Select(t => File.ReadAllText(Path.Combine(t, "wchan")));
            if (threads.Any(where => where.Contains("fifo", StringComparison.Ordinal) || where.Contains("wait_for_partner", StringComparison.Ordinal)))
                return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("it did not come to wait for the pipe");
    }
}
