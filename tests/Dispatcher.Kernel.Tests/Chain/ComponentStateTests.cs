using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;
using static Dispatcher.Kernel.Tests.Chain.ComponentMaps;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>What a component keeps while the chain changes around it.</summary>
public sealed class ComponentStateTests
{
    [ExtFact]
    public async Task Components_keep_program_id_and_map_contents_over_ten_changes()
    {
        using var chain = new ChainFixture();
        var firewall = ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall"));
        Assert.Equal(("xdp_firewall", 10u), (firewall.Name, firewall.Priority));
        var id = (await chain.Attach(chain.One, firewall)).Programs.Single().Id;
        var map = MapOf(id.Value, "blocked_ports");
        Tool.Run("bpftool", "map", "update", "id", map, "key", "hex", "35", "00", "11", "00", "value", "hex", "2a", "0", "0", "0", "0", "0", "0", "0").OrFail();

        for (var i = 0; i < 5; i++)
        {
            var guest = (await chain.Attach(chain.Other, Returning("guest", XdpAction.Pass, priority: (uint)(5 + 2 * i)))).Programs.Single().Id;
            Assert.Equal(["guest", "xdp_firewall"], (await chain.Names()).Order());
            await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ById(guest), Cancellation);
        }

        var survivor = (await chain.Read()).Chain!.Programs.Single();
        Assert.Equal((id, "xdp_firewall"), (survivor.Id, survivor.Name));
        Assert.Equal(map, MapOf(id.Value, "blocked_ports"));
        var value = Tool.Run("bpftool", "-j", "map", "lookup", "id", map, "key", "hex", "35", "00", "11", "00").OrFail().Output;
        Assert.Contains("0x2a", value, StringComparison.Ordinal);
    }

    [ExtFact]
    public async Task A_component_goes_on_counting_through_every_change()
    {
        using var chain = new ChainFixture();
        var counter = ComponentProgram.FromElfFile(ComponentObject.PathOf("counter")) with { Priority = 1 };
        var map = MapOf((await chain.Attach(chain.One, counter)).Programs.Single().Id.Value, "counter");

        for (var runs = 1; runs <= 10; runs++)
        {
            await chain.Verdict();
            Assert.Equal((ulong)runs, Packets(map));
            if (runs % 2 == 1)
                await chain.Attach(chain.Other, Returning("guest", XdpAction.Pass));
            else
                await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("guest"), Cancellation);
        }
    }
}
