using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>Somebody else acts before each call of a change in turn.</summary>
public sealed class InterferenceTests
{
    public static TheoryData<string> Changes => [.. Change.All.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    [Rule("P-095", "P-153")]
    public void Whenever_a_peer_attaches_both_changes_are_on_the_NIC(string name)
    {
        var change = Change.All[name];
        var wins = 0;
        ForEachCall(change, (world, host, index) =>
        {
            var peer = new Peer(world, Component("peer"));
            var hasWon = false;
            world.BeforeCall(host, index, _ =>
            {
                world.Kernel.OnCall = null;
                hasWon = peer.TryAttach();
                if (hasWon)
                    peer.Finish();
                else
                    peer.GiveUp();
            });

            change.Make(host);

            wins += hasWon ? 1 : 0;
            ChainCheck.AssertNothingHeld(host);
            world.Kernel.Settle();
            ImmutableArray<string> both = [.. change.After.Append("peer").Order(StringComparer.Ordinal)];
            ChainCheck.AssertCarries(world, !hasWon || change.TakesAll ? change.After : both);
            ChainCheck.AssertOnlyLivePins(world);
        });
        Assert.True(wins > 5);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    [Rule("P-151")]
    public void Whenever_a_stranger_takes_the_hook_it_keeps_it(string name)
    {
        var change = Change.All[name];
        ForEachCall(change, (world, host, index) =>
        {
            var stranger = world.Kernel.StartProcess("stranger");
            var program = LoadPlain(stranger);
            world.BeforeCall(host, index, _ =>
            {
                world.Kernel.OnCall = null;
                stranger.ForceHook(world.Nic, program);
            });

            var error = Record.Exception(() => change.Make(host));

            Assert.True(error is null or ForeignProgramException, $"{index}: {error}");
            Assert.Equal(["stranger"], world.Run());
            ChainCheck.AssertNothingHeld(host);
        });
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whenever_the_hook_is_emptied_the_change_is_made_on_what_is_left(string name)
    {
        var change = Change.All[name];
        var isAttach = change.After.Length > change.Before.Length;
        ImmutableArray<string> added = [.. change.After.Except(change.Before)];
        ForEachCall(change, (world, host, index) =>
        {
            var rival = world.Kernel.StartProcess("rival");
            world.BeforeCall(host, index, _ =>
            {
                world.Kernel.OnCall = null;
                rival.ForceHook(world.Nic, null);
            });

            var error = Record.Exception(() => change.Make(host));

            Assert.True(error is null || (!isAttach && error is NotFoundException), $"{index}: {error}");
            world.Kernel.Settle();
            ChainCheck.AssertCarries(world, [], added);
            ChainCheck.AssertNothingHeld(host);
        });
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whenever_the_interface_goes_away_it_is_told_or_the_change_was_made(string name)
    {
        var change = Change.All[name];
        ForEachCall(change, (world, host, index) =>
        {
            world.BeforeCall(host, index, _ =>
            {
                world.Kernel.OnCall = null;
                world.Kernel.Network.Remove(world.Nic);
            });

            var error = Record.Exception(() => change.Make(host));

            Assert.True(error is null or NotFoundException, $"{index}: {error}");
            ChainCheck.AssertNothingHeld(host);
        });
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whenever_its_pins_are_taken_a_chain_is_never_torn_by_the_change(string name)
    {
        var change = Change.All[name];
        if (change.Before.IsEmpty)
            return;
        ForEachCall(change, (world, host, index) =>
        {
            var directory = $"{PinRoot}/{world.Directories()[0]}";
            world.BeforeCall(host, index, _ =>
            {
                world.Kernel.OnCall = null;
                if (!world.Kernel.BpfFs.IsOn($"{directory}/prog0-prog"))
                    return;
                world.Kernel.BpfFs.Unpin($"{directory}/prog0-prog");
            });

            var error = Record.Exception(() => change.Make(host));

            Assert.True(error is null or DispatcherException, $"{index}: {error}");
            world.Kernel.Settle();
            ChainCheck.AssertCarries(world, change.Before, change.After);
            ChainCheck.AssertNothingHeld(host);
        });
    }

    private static void ForEachCall(Change change, Action<World, Host, int> check)
    {
        var count = change.CountCalls();
        for (var index = 0; index < count; index++)
        {
            var world = change.Arrange();
            check(world, world.Start("ours"), index);
        }
    }
}
