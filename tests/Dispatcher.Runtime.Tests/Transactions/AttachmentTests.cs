using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Tests.Simulation;
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

    private static async Task<(int Slot, ProgramId Id)> Place(XdpAttachment held)
    {
        var found = await held.LocateAsync(Cancellation);
        return (found!.Slot, found.Id);
    }
}
