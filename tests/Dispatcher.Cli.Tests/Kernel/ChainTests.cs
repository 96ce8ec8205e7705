using System.Text.Json;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class ChainTests : IDisposable
{
    private readonly OwnInterface _nic = new();

    /// <inheritdoc/>
    public void Dispose() => _nic.Dispose();

    [ExtFact]
    public async Task Two_programs_are_loaded_shown_and_unloaded()
    {
        var load = await _nic.Expect(0, "load", "$", ComponentObject.PathOf("ids"), ComponentObject.PathOf("firewall"));
        Assert.Contains("added xdp_ids (id ", load.Output, StringComparison.Ordinal);
        Assert.Contains("in slot 1, priority 20, goes on after XDP_PASS", load.Output, StringComparison.Ordinal);

        var status = await _nic.Status();
        Assert.Equal(["xdp_firewall", "xdp_ids"], status.GetProperty("programs").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.Equal([10, 20], status.GetProperty("programs").EnumerateArray().Select(p => p.GetProperty("priority").GetInt32()));
        Assert.Equal(2, status.GetProperty("dispatcher").GetProperty("version").GetInt32());
        Assert.Equal(_nic.ProgramOnHook(), status.GetProperty("dispatcher").GetProperty("id").ToString());
        Assert.Contains("xdp_firewall", (await _nic.Expect(0, "status")).Output, StringComparison.Ordinal);

        var ids = await _nic.ProgramIds();
        await _nic.Expect(0, "unload", "$", "-n", "xdp_firewall");
        Assert.Equal([ids[1]], await _nic.ProgramIds());
        await _nic.Expect(0, "unload", "$", "-i", $"{ids[1]}");
        Assert.Null(_nic.ProgramOnHook());
        Assert.Contains("note: no XDP program is attached", (await _nic.Expect(0, "unload", "$", "-a")).Error, StringComparison.Ordinal);
        await _nic.Expect(6, "unload", "$", "-n", "xdp_firewall");
    }

    [ExtFact]
    public async Task Options_decide_name_priority_actions_mode_and_version()
    {
        var load = await _nic.Expect(
            0, "load", "$", ComponentObject.PathOf("mark"), "-n", "xdp_mark_pop", "-P", "77", "-A", "XDP_PASS,XDP_TX", "-m", "skb", "--protocol", "3", "--json");
        using var document = JsonDocument.Parse(load.Output);
        var added = Assert.Single(document.RootElement.GetProperty("added").EnumerateArray());
        Assert.Equal("xdp_mark_pop", added.GetProperty("name").GetString());
        Assert.Equal(77, added.GetProperty("priority").GetInt32());
        Assert.Equal(["XDP_PASS", "XDP_TX"], added.GetProperty("actions").EnumerateArray().Select(a => a.GetString()));
        var after = document.RootElement.GetProperty("after");
        Assert.Equal(("skb", 3), (after.GetProperty("mode").GetString(), after.GetProperty("dispatcher").GetProperty("version").GetInt32()));
        await _nic.Expect(1, "load", "$", ComponentObject.PathOf("counter"), "-m", "native");
        Assert.Equal([added.GetProperty("id").GetUInt32()], await _nic.ProgramIds());
    }

    [ExtFact]
    public async Task Inspect_reads_the_chain_and_its_programs_back_from_the_kernel()
    {
        await _nic.Expect(0, "load", "$", ComponentObject.PathOf("counter"), ComponentObject.PathOf("firewall"));
        var onInterface = await _nic.Expect(0, "inspect", "$");
        Assert.Contains("protocol version 2\nslot 0: priority 10, goes on after XDP_PASS\nslot 1: priority 50, goes on after XDP_PASS\n", onInterface.Output, StringComparison.Ordinal);
        Assert.Contains("DATASEC 'xdp_metadata'", (await _nic.Expect(0, "inspect", "$", "-v")).Output, StringComparison.Ordinal);
        var component = await _nic.Expect(0, "inspect", $"{(await _nic.ProgramIds())[0]}");
        Assert.Contains("type ext, name xdp_firewall", component.Output, StringComparison.Ordinal);
    }

    [ExtFact]
    public async Task The_published_tool_does_the_same()
    {
        var load = BuiltTool.Run("load", _nic.Name, ComponentObject.PathOf("counter")).OrFail();
        Assert.Contains("added xdp_counter", load.Output, StringComparison.Ordinal);
        Assert.Single(await _nic.ProgramIds());
        BuiltTool.Run("unload", _nic.Name, "-n", "xdp_counter").OrFail();
        Assert.Null(_nic.ProgramOnHook());
    }
}
