using System.Text.Json;
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
}
