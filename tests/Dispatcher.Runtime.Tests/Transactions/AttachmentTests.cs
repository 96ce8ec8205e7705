using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>A program that is held on to while others change the chain around it.</summary>
public sealed class AttachmentTests
{
    private readonly World _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_where_the_program_is_while_others_change_the_chain()
    {
        var (ours, others) = (_world.Start(), _world.Start());
        using var held = await ours.Library.AttachAsync(NicName, Component("firewall", 20), cancellationToken: Cancellation);
        Assert.Equal(0, (await held.LocateAsync(Cancellation))!.Slot);

        others.Attach(Component("early", 10), Component("late", 30));
        Assert.Equal((1, held.Id), await Place(held));
        others.Convert(DispatcherVersion.V3);
        others.SetPolicy(ComponentSelection.ById(held.Id), priority: 40);
        Assert.Equal((2, held.Id), await Place(held));
        others.Detach(ComponentSelection.ByName("early"));
        Assert.Equal((1, held.Id), await Place(held));
    }

    [Fact]
    public async Task A_program_that_somebody_took_out_is_nowhere()
    {
        var (ours, others) = (_world.Start(), _world.Start());
        using var held = await ours.Library.AttachAsync(NicName, Component("firewall"), cancellationToken: Cancellation);
        others.Attach(Component("ids"));
        others.Detach(ComponentSelection.ById(held.Id));
        Assert.Null(await held.LocateAsync(Cancellation));
        others.Detach(ComponentSelection.All);
        Assert.Null(await held.LocateAsync(Cancellation));
        await Assert.ThrowsAsync<NotFoundException>(() => held.DetachAsync(Cancellation));
    }

    [Fact]
    public async Task It_stands_for_the_new_version_once_it_is_replaced()
    {
        var (ours, others) = (_world.Start(), _world.Start());
        others.Attach(Component("ids", 10));
        using var held = await ours.Library.AttachAsync(NicName, Component("firewall", 20), cancellationToken: Cancellation);
        var first = held.Id;

        await held.ReplaceAsync(Component("firewall_2"), cancellationToken: Cancellation);

        Assert.NotEqual(first, held.Id);
        Assert.Equal(("firewall_2", (1, held.Id)), (held.Name, await Place(held)));
        await held.SetPolicyAsync(new PolicyChange(5), Cancellation);
        Assert.Equal((0, held.Id), await Place(held));
        await held.DetachAsync(Cancellation);
        Assert.Equal(["ids"], others.Names());
    }

    [Fact]
    public async Task Letting_go_detaches_nothing_and_another_process_finds_it_again()
    {
        var ours = _world.Start();
        var held = await ours.Library.AttachAsync(NicName, Component("firewall"), cancellationToken: Cancellation);
        held.Dispose();
        ChainCheck.AssertNothingHeld(ours);
        ours.Process.Kill();
        _world.Kernel.Settle();

        var next = _world.Start();
        using (var found = await next.Library.FindAsync(NicName, ComponentSelection.ByName("firewall"), Cancellation))
        {
            Assert.Equal((held.Id, "firewall"), (found!.Id, found.Name));
            await found.DetachAsync(Cancellation);
        }

        Assert.Null(await next.Library.FindAsync(NicName, ComponentSelection.ByName("firewall"), Cancellation));
        ChainCheck.AssertNothingHeld(next);
    }

    [Fact]
    public async Task Only_one_program_can_be_found_at_a_time()
    {
        var host = _world.Start();
        host.Attach(Component("twin"), Component("twin"));
        await Assert.ThrowsAsync<RefusedException>(() => host.Library.FindAsync(NicName, ComponentSelection.ByName("twin"), Cancellation));
        Assert.Null(await host.Library.FindAsync(NicName, ComponentSelection.ByName("other"), Cancellation));
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public async Task A_map_that_the_program_does_not_use_is_not_found()
    {
        using var held = await _world.Start().Library.AttachAsync(NicName, Component("firewall"), cancellationToken: Cancellation);
        Assert.Contains("uses no map 'ports'; it uses none", Assert.Throws<NotFoundException>(() => held.OpenMap("ports")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_followed_to_the_version_that_another_process_put_in_its_place()
    {
        var (ours, others) = (_world.Start(), _world.Start());
        using (var held = await ours.Library.AttachAsync(NicName, Component("firewall", 20), cancellationToken: Cancellation))
        {
            var first = held.Id;
            Assert.Equal(first, (await held.FollowAsync(Cancellation))!.Id);
            others.Attach(Component("ids", 10));
            others.Replace(ComponentSelection.ByName("firewall"), Component("firewall"));
            Assert.Null(await held.LocateAsync(Cancellation));
            foreach (var change in (Func<Task>[])[() => held.DetachAsync(Cancellation), () => held.SetPolicyAsync(new PolicyChange(5), Cancellation), () => held.ReplaceAsync(Component("firewall"), cancellationToken: Cancellation)])
                Assert.Contains("FollowAsync takes over a new version", (await Assert.ThrowsAsync<NotFoundException>(change)).Message, StringComparison.Ordinal);

            var now = await held.FollowAsync(Cancellation);

            Assert.NotEqual(first, held.Id);
            Assert.Equal((1, held.Id, 20u), (now!.Slot, now.Id, now.Priority));
            Assert.Equal((1, held.Id), await Place(held));
            others.Detach(ComponentSelection.ById(held.Id));
            await held.ReattachAsync(Cancellation);
            Assert.Equal(["ids", "firewall"], _world.Run());
        }

        ChainCheck.AssertNothingHeld(ours);
    }

    [Fact]
    public async Task Nothing_is_followed_that_has_another_name_or_is_not_one()
    {
        var (ours, others) = (_world.Start(), _world.Start());
        using var held = await ours.Library.AttachAsync(NicName, Component("firewall"), cancellationToken: Cancellation);
        var first = held.Id;
        others.Attach(Component("firewall"));
        Assert.Equal(first, (await held.FollowAsync(Cancellation))!.Id);
        others.Detach(ComponentSelection.ByName("firewall"));
        Assert.Null(await held.FollowAsync(Cancellation));
        others.Attach(Component("ids"));
        Assert.Null(await held.FollowAsync(Cancellation));

        others.Attach(Component("firewall"), Component("firewall"));
        var twins = others.Status().Chain!.Programs.Where(program => program.Name == "firewall").Select(program => $"{program.Id}");
        var refused = await Assert.ThrowsAsync<RefusedException>(() => held.FollowAsync(Cancellation));
        Assert.All(twins, id => Assert.Contains($"{id} 'firewall'", refused.Message, StringComparison.Ordinal));

        var brute = _world.Kernel.StartProcess("brute");
        brute.ForceHook(_world.Nic, LoadPlain(brute, "firewall"));
        Assert.Null(await held.FollowAsync(Cancellation));
        Assert.Equal(first, held.Id);
    }

    [Fact]
    public async Task A_successor_that_goes_while_it_is_followed_is_not_taken_for_one()
    {
        var (ours, others) = (_world.Start(), _world.Start());
        using (var held = await ours.Library.AttachAsync(NicName, Component("firewall"), cancellationToken: Cancellation))
        {
            var first = held.Id;
            others.Replace(ComponentSelection.ByName("firewall"), Component("firewall"));
            var calls = Cuts.CountCalls(ours, () => held.LocateAsync(Cancellation).GetAwaiter().GetResult());
            for (var call = 0; call < calls; call++)
            {
                var start = ours.Process.CallCount;
                _world.BeforeCall(ours, start + call, _ => others.Replace(ComponentSelection.ByName("firewall"), Component("firewall")));
                var now = await held.FollowAsync(Cancellation);
                _world.Kernel.OnCall = null;
                Assert.Equal(held.Id, now!.Id);
                Assert.NotEqual(first, held.Id);
                // It is held, whatever became of it: what it stands for can be attached again.
                Assert.Contains(held.Id.Value, _world.Kernel.Programs.All.Select(program => program.Id));
            }
        }

        ChainCheck.AssertNothingHeld(ours);
    }

    [Fact]
    public async Task Who_lets_go_while_it_follows_holds_nothing()
    {
        var (ours, others) = (_world.Start(), _world.Start());
        var held = await ours.Library.AttachAsync(NicName, Component("firewall"), cancellationToken: Cancellation);
        others.Replace(ComponentSelection.ByName("firewall"), Component("firewall"));
        _world.Before(ours, nameof(Kernel.IBpf.OpenProgram), _ => held.Dispose());
        await held.FollowAsync(Cancellation);
        ChainCheck.AssertNothingHeld(ours);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => held.LocateAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => held.DetachAsync(Cancellation));
    }

    private static async Task<(int Slot, ProgramId Id)> Place(XdpAttachment held)
    {
        var found = await held.LocateAsync(Cancellation);
        return (found!.Slot, found.Id);
    }
}
