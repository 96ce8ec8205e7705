using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class EmitTests
{
    private static readonly string[] Slots = ["--slot", "prio=10,actions=XDP_PASS+XDP_TX", "--slot", "prio=20,actions=none,frags"];

    [Theory]
    [InlineData("asm")]
    [InlineData("btf")]
    [InlineData("c")]
    public async Task Text_of_a_dispatcher(string format)
    {
        var run = await CliRun.Of(["emit", "--format", format, .. Slots]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Snapshot.Verify(run.Output, format);
    }

    [Theory]
    [InlineData("little")]
    [InlineData("big")]
    public async Task Object_of_a_dispatcher_for_each_byte_order(string endian)
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("d.o");
        var emit = await CliRun.Of(["emit", "-o", path, "--endian", endian, .. Slots]);
        Assert.Equal((0, "", ""), (emit.ExitCode, emit.Output, emit.Error));
        Snapshot.Verify((await CliRun.Of("inspect", path)).Output, endian);
    }

    [Theory]
    [InlineData("--generic --protocol 2")]
    [InlineData("--generic --protocol 3 --endian big")]
    [InlineData("--slot prio=5,devbound")]
    [InlineData("")]
    public async Task The_same_options_give_the_same_bytes_in_file_pipe_and_json(string options)
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("d.o");
        string[] args = ["emit", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(0, (await CliRun.Of([.. args, "-o", path])).ExitCode);
        var file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(file, (await CliRun.Of(args)).Bytes);
        Assert.Equal(file, (await CliRun.Of([.. args, "-o", "-"])).Bytes);
        using var json = JsonDocument.Parse((await CliRun.Of([.. args, "--json"])).Output);
        Assert.Equal(file, json.RootElement.GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), json.RootElement.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Json_of_a_file_names_the_file()
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("d.o");
        var run = await CliRun.Of(["emit", "-o", path, "--json", .. Slots]);
        var text = run.Output.Replace(path, "d.o", StringComparison.Ordinal);
        Snapshot.Verify(Regex.Replace(text, "\"sha256\": \"[0-9a-f]{64}\"", "\"sha256\": \"...\""));
    }

    [Fact]
    public async Task Auto_takes_the_lowest_version_that_will_do()
    {
        Assert.Equal(2, await VersionOf("prio=1,frags"));
        Assert.Equal(3, await VersionOf("prio=1,devbound"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var run = await CliRun.Of("emit", "-o", "/nonexistent/folder/d.o");
        Assert.Equal(6, run.ExitCode);
        Assert.Contains("There is no folder '/nonexistent/folder'", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await CliRun.Of("emit", "-o", "/tmp")).ExitCode);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named_first_with_the_reason()
    {
        var run = await CliRun.Of("emit", "-o", "/proc/nothing.o");
        Assert.Equal((1, "xdp-dispatch: '/proc/nothing.o' cannot be written: no file can be made there.\n"), (run.ExitCode, run.Error));
        run = await CliRun.Of("emit", "-o", "/dev/full");
        Assert.Equal((1, "xdp-dispatch: '/dev/full' cannot be written: No space left on device.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Slots_against_the_order_of_priorities_are_told()
    {
        var run = await CliRun.Of("emit", "--format", "asm", "--slot", "prio=20", "--slot", "prio=10", "--slot", "prio=10");
        Assert.Equal(
            "note: slot 1 of priority 10 runs after slot 0 of priority 20, as given; applications put chains in the order of priorities\n", run.Error);
        Assert.Equal("", (await CliRun.Of(["emit", "--format", "asm", .. Slots])).Error);
    }

    private static async Task<int> VersionOf(string slot)
    {
        using var json = JsonDocument.Parse((await CliRun.Of("emit", "--json", "--slot", slot)).Output);
        return json.RootElement.GetProperty("version").GetInt32();
    }
}
