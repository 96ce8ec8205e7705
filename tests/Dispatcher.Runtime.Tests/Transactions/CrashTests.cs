using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>A process dies before each of its calls in turn.</summary>
public sealed class CrashTests
{
    public static TheoryData<string> Changes => [.. Change.All.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    [Rule("P-084", "P-152")]
    public void Whenever_it_dies_the_NIC_carries_the_old_or_the_new_chain_and_the_next_change_works(string name)
    {
        var change = Change.All[name];
        var count = change.CountCalls();
        Assert.InRange(count, 10, 500);
        for (var index = 0; index < count; index++)
        {
            var world = change.Arrange();
            var host = world.Start("victim");
            world.BeforeCall(host, index, call => call.Crash());

            Assert.Throws<ProcessDiedException>(() => change.Make(host));

            world.Kernel.Settle();
            ChainCheck.AssertNothingHeld(host);
            ChainCheck.AssertCarries(world, change.Before, change.After);

            var carried = world.Run();
            var next = world.Start("next");
            next.Attach(Component("z"));
            ChainCheck.AssertCarries(world, [.. carried, "z"]);
            world.Kernel.Settle();
            ChainCheck.AssertOnlyLivePins(world);
            next.Detach(ComponentSelection.All);
            Assert.Null(world.Nic.Occupant);
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    [Rule("P-122", "P-152")]
    public void Before_every_call_the_NIC_carries_the_old_or_the_new_chain(string name)
    {
        var change = Change.All[name];
        var world = change.Arrange();
        var host = world.Start();
        var looks = 0;
        world.Kernel.OnCall = _ =>
        {
            looks++;
            ChainCheck.AssertCarries(world, change.Before, change.After);
        };

        change.Make(host);

        Assert.Equal(looks, host.Process.CallCount);
        world.Kernel.Settle();
        ChainCheck.AssertCarries(world, change.After);
        Assert.Equal(change.After.IsEmpty ? null : change.To, world.Start().Status().Chain?.Version);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(world);
    }
}
