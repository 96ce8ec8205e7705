using Dispatcher.Runtime.Tests.Simulation;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>What an application sees that writes a result to its log.</summary>
public sealed class ResultTextTests
{
    private readonly World _world = new();

    [Fact]
    public void A_result_is_the_hook_as_it_is_now()
    {
        var host = _world.Start();
        host.Attach(Component("firewall", 10));
        var result = host.Attach(Component("ids", 20));
        var (first, second) = (result.After.Chain!.Programs[0], result.After.Chain.Programs[1]);
        Assert.Equal($"{result.After.InterfaceName}: dispatcher {result.After.Chain.DispatcherId}, firewall ({first.Id}), ids ({second.Id})", result.ToString());
        Assert.Equal($"{result.After}, after 3 attempts", (result with { Attempts = 3 }).ToString());
    }

    [Fact]
    public void A_hook_without_a_chain_says_what_it_has()
    {
        var empty = new HookStatus("eth\u001b0", 2, null, null, null);
        Assert.Equal("eth\\x1b0: no XDP program", empty.ToString());
        Assert.Equal("eth\\x1b0: program 7 'x', not a dispatcher", (empty with { Foreign = new ForeignProgram(new ProgramId(7), "x", "it has no marker") }).ToString());
    }
}
