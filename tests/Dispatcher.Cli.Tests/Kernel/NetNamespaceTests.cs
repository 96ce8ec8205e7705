using System.Text.Json;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class NetNamespaceTests : IDisposable
{
    private const string Nic = "nic0";
    private readonly OwnInterface _own = new();
    private readonly NetNamespace _network = new();

    public NetNamespaceTests() => _network.Run("ip", "link", "add", Nic, "type", "veth", "peer", "name", "nic1").OrFail();

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _own.Dispose();
    }

    [ExtFact]
    public async Task A_program_is_loaded_shown_and_unloaded_in_another_namespace()
    {
        await _own.Expect(0, "load", Nic, ComponentObject.PathOf("counter"), "--netns", _network.Name);
        Assert.Contains("prog/xdp", _network.Run("ip", "link", "show", "dev", Nic).OrFail().Output, StringComparison.Ordinal);
        using var status = JsonDocument.Parse((await _own.Expect(0, "status", Nic, "--netns", _network.Path, "--json")).Output);
        Assert.Equal("xdp_counter", status.RootElement[0].GetProperty("programs")[0].GetProperty("name").GetString());
        Assert.Contains("xdp_counter", (await _own.Expect(0, "inspect", Nic, "--netns", _network.Name)).Output, StringComparison.Ordinal);
        await _own.Expect(6, "status", Nic);
        await _own.Expect(0, "unload", Nic, "-a", "--netns", _network.Name);
        Assert.DoesNotContain("prog/xdp", _network.Run("ip", "link", "show", "dev", Nic).OrFail().Output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_namespace_or_an_interface_in_it_that_does_not_exist_is_not_found()
    {
        Assert.Contains(_network.Name, (await _own.Expect(6, "status", "--netns", "xdt-nowhere")).Error, StringComparison.Ordinal);
        Assert.Contains(Nic, (await _own.Expect(6, "status", "nic7", "--netns", _network.Name)).Error, StringComparison.Ordinal);
        Assert.Contains("'proc/1/ns/net'", (await _own.Expect(2, "status", "--netns", "proc/1/ns/net")).Error, StringComparison.Ordinal);
    }
}
