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
}
