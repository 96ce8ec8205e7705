using System.Diagnostics;
using System.Text.Json;
using Dispatcher.Runtime.Capture;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class WatchingTests : IDisposable
{
    private readonly OwnInterface _nic = new();

    /// <inheritdoc/>
    public void Dispose() => _nic.Dispose();

    [ExtFact]
    public async Task Stats_shows_the_programs_of_the_chain_by_slot()
    {
        await _nic.Expect(0, "load", "$", ComponentObject.PathOf("counter"), ComponentObject.PathOf("firewall"));

        var run = await _nic.Expect(0, "stats", "$", "--count", "1", "--interval", "0.1", "--json");

        using var document = JsonDocument.Parse(run.Output);
        var programs = document.RootElement.GetProperty("programs").EnumerateArray().ToList();
        Assert.Equal(["xdp_firewall", "xdp_counter"], programs.Select(program => program.GetProperty("name").GetString()));
        Assert.Equal(await _nic.ProgramIds(), programs.Select(program => program.GetProperty("id").GetUInt32()));
    }

    [RootFact]
    public async Task Watch_tells_of_a_program_of_somebody_else_and_an_interrupt_ends_it_well()
    {
        using var watch = Start("watch", _nic.Name);
        Assert.EndsWith($" {_nic.Name} is there: no XDP program", await watch.StandardOutput.ReadLineAsync(Cancellation), StringComparison.Ordinal);

        using (new ForeignProgram(_nic, ComponentObject.Read("firewall")))
            Assert.Contains($" {_nic.Name} hook taken: native, held by program ", await watch.StandardOutput.ReadLineAsync(Cancellation), StringComparison.Ordinal);

        Assert.Contains("hook emptied", await watch.StandardOutput.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        Tool.Run("kill", "-INT", $"{watch.Id}").OrFail();
        await watch.WaitForExitAsync(Cancellation);
        Assert.Equal(0, watch.ExitCode);
    }

    [ExtFact]
    public async Task Who_changes_a_chain_is_named_and_another_watch_never_is()
    {
        // Each looks through the folder of the lock for what holds a stranger, and is told that the other does.
        using var watch = Start("watch", _nic.Name, "--json");
        using var other = Start("watch", _nic.Name, "--json");
        await BothTell("observed", null);
        using (new ForeignProgram(_nic, ComponentObject.Read("firewall")))
            await BothTell("hook-taken", null);
        await BothTell("hook-emptied", null);

        using (var load = Start("load", _nic.Name, ComponentObject.PathOf("counter")))
        {
            await load.WaitForExitAsync(Cancellation);
            await BothTell("chain-started", load.Id);
        }

        // Not at once: who has just changed a chain may have changed another interface as well.
        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        Tool.Run("ip", "link", "set", _nic.Name, "xdpdrv", "off").OrFail();
        await BothTell("hook-emptied", null);
        watch.Kill();
        other.Kill();

        async Task BothTell(string kind, int? lockHolder)
        {
            Assert.Equal((kind, lockHolder), await ReadEvent(watch));
            Assert.Equal((kind, lockHolder), await ReadEvent(other));
        }
    }

    [ExtFact]
    public async Task Explain_runs_a_file_through_the_programs_of_the_chain()
    {
        await _nic.Expect(0, "load", "$", ComponentObject.PathOf("counter"), ComponentObject.PathOf("firewall"));
        using var folder = new TempFolder();
        using var file = new MemoryStream();
        new PcapWriter(file, 64).Write(1, new byte[60], 60);

        var run = await _nic.Expect(0, "explain", "$", "--pcap", folder.Write("one.pcap", file.ToArray()));

        Assert.EndsWith(": XDP_PASS\n  slot 0 xdp_firewall XDP_PASS\n  slot 1 xdp_counter  XDP_PASS\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("share their maps", run.Error, StringComparison.Ordinal);
    }

    [ExtFact]
    public async Task What_trace_writes_explain_reads()
    {
        await _nic.Expect(0, "load", "$", ComponentObject.PathOf("counter"));
        var path = _nic.Folder.PathOf("packets.pcap");
        _nic.Sender.AddAddress("10.78.0.1/24");
        using (var trace = Start("trace", _nic.Name, "--count", "2", "--pcap", path, "--verdict", "XDP_PASS"))
        {
            // Nobody has the address, so questions for it go out.
            while (!trace.HasExited)
                _nic.Sender.Run("ping", "-c", "1", "-W", "1", "-I", _nic.Sender.Name, "10.78.0.2");
            Assert.Equal(0, trace.ExitCode);
            var lines = (await trace.StandardOutput.ReadToEndAsync(Cancellation)).TrimEnd('\n').Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.All(lines, line => Assert.Matches(@"^[\d:]{8}\.\d{9} slot 0 xdp_counter XDP_PASS \d+ bytes ARP from ", line));
        }

        var run = await _nic.Expect(0, "explain", "$", "--pcap", path);
        Assert.Equal(2, run.Output.Split("slot 0 xdp_counter XDP_PASS").Length - 1);
    }

    [ExtFact]
    public async Task Nothing_is_left_of_a_process_that_is_killed()
    {
        await _nic.Expect(0, "load", "$", ComponentObject.PathOf("counter"));
        using (var stats = Start("stats", _nic.Name, "--interval", "0.2", "--json"))
        {
            Assert.Contains("xdp_counter", await stats.StandardOutput.ReadLineAsync(Cancellation), StringComparison.Ordinal);
            Assert.Contains("tracing", Programs(), StringComparison.Ordinal);
            stats.Kill();
            await stats.WaitForExitAsync(Cancellation);
        }

        while (Programs().Contains("xdp_verdicts", StringComparison.Ordinal))
            await Task.Delay(20, Cancellation);
        Assert.Single(await _nic.ProgramIds());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo(BuiltTool.FilePath, args) { RedirectStandardOutput = true })!;

    private static async Task<(string? Kind, int? LockHolder)> ReadEvent(Process watch)
    {
        using var line = JsonDocument.Parse((await watch.StandardOutput.ReadLineAsync(Cancellation))!);
        var origin = line.RootElement.GetProperty("origin");
        var holder = origin.ValueKind == JsonValueKind.Object ? origin.GetProperty("lockHolder") : origin;
        return (line.RootElement.GetProperty("event").GetString(), holder.ValueKind == JsonValueKind.Object ? holder.GetProperty("pid").GetInt32() : null);
    }

    private static string Programs() => Tool.Run("bpftool", "prog", "list").OrFail().Output;
}
