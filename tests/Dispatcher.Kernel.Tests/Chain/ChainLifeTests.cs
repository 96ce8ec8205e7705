using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>A chain from its first program to its last, on the running kernel.</summary>
public sealed class ChainLifeTests
{
    [ExtFact]
    public async Task Two_applications_share_a_hook_and_leave_it_empty()
    {
        using var chain = new ChainFixture();

        var first = await chain.Attach(chain.One, Returning("ids", XdpAction.Pass, priority: 20));
        Assert.True(first.Before.IsEmpty);
        Assert.Equal(AttachMode.Native, first.After.Mode);
        var second = await chain.Attach(chain.Other, Returning("firewall", XdpAction.Drop, priority: 10));
        Assert.Equal(["firewall", "ids"], await chain.Names());
        Assert.Equal(0, second.Programs.Single().Slot);
        Assert.Equal(first.Programs.Single().Id, second.After.Chain!.Programs[1].Id);
        Assert.Equal(XdpAction.Drop, await chain.Verdict());

        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("firewall"), Cancellation);
        Assert.Equal(["ids"], await chain.Names());
        Assert.Equal(XdpAction.Pass, await chain.Verdict());
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.ById(first.Programs.Single().Id), Cancellation);
        Assert.True((await chain.Read()).IsEmpty);
        Assert.Equal(["xdp"], chain.Pins);
    }

    [ExtFact]
    public async Task Reads_back_what_a_change_reported()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("a", XdpAction.Pass), Returning("b", XdpAction.Pass) with { Actions = ChainCallActions.Of(XdpAction.Tx) });

        var change = await chain.Attach(chain.Other, Returning("c", XdpAction.Pass, priority: 1));

        var read = await chain.Read();
        Assert.Equal(change.After.Chain!.Programs, read.Chain!.Programs);
        Assert.Equal(change.After.Chain with { Programs = [] }, read.Chain with { Programs = [] });
        Assert.Equal(change.After with { Chain = null }, read with { Chain = null });
    }

    [ExtFact]
    public async Task Holds_ten_programs_and_refuses_the_eleventh()
    {
        using var chain = new ChainFixture();
        for (var i = 0; i < DispatcherLimits.MaxSlots; i++)
            await chain.Attach(chain.One, Returning($"program_{i}", XdpAction.Pass));
        var before = await chain.Read();
        var pins = chain.Pins;

        var refused = await Assert.ThrowsAsync<RefusedException>(() => chain.Attach(chain.Other, Returning("eleventh", XdpAction.Drop)));

        Assert.Contains("at most 10 programs", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.Chain!.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
        Assert.Equal(pins, chain.Pins);
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
        Assert.Equal(["xdp"], chain.Pins);
    }

    [ExtFact]
    public async Task A_program_that_is_alone_takes_the_place_of_the_dispatcher_and_its_actions_do_not_matter()
    {
        using var chain = new ChainFixture();
        var dropsAndGoesOn = Returning("drops", XdpAction.Drop, priority: 1) with { Actions = ChainCallActions.Of(XdpAction.Drop) };
        await chain.Attach(chain.One, dropsAndGoesOn);
        Assert.Equal(XdpAction.Drop, await chain.Verdict());

        await chain.Attach(chain.Other, Returning("sends", XdpAction.Tx, priority: 2));
        Assert.Equal(XdpAction.Tx, await chain.Verdict());

        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("sends"), Cancellation);
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
    }

    [ExtFact]
    public async Task A_program_that_is_alone_replaces_the_entry_function_and_several_replace_stubs()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("first", XdpAction.Pass, priority: 1));
        Assert.Equal(["xdp_dispatcher"], await chain.Targets());

        await chain.Attach(chain.Other, Returning("second", XdpAction.Pass, priority: 2));
        Assert.Equal(["prog0", "prog1"], await chain.Targets());

        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("first"), Cancellation);
        Assert.Equal(["xdp_dispatcher"], await chain.Targets());
    }

    [ExtFact]
    public async Task A_refused_component_leaves_everything_as_it_was()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("first", XdpAction.Pass));
        var before = await chain.Read();
        var pins = chain.Pins;
        var readsUninitialised = ComponentProgram.FromBytecode("bad", new byte[] { 0xbf, 0x20, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0 });

        var refused = await Assert.ThrowsAsync<VerifierException>(() => chain.Attach(chain.Other, Returning("good", XdpAction.Pass), readsUninitialised));

        Assert.Contains("R2 !read_ok", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.Chain!.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
        Assert.Equal(pins, chain.Pins);
    }

    [ExtFact]
    public async Task Keeps_the_mode_of_the_chain_and_refuses_another()
    {
        using var chain = new ChainFixture();
        var skb = new AttachOptions { Mode = AttachMode.Skb };
        var first = await chain.One.AttachAsync(chain.Interface, [Returning("first", XdpAction.Pass)], skb, Cancellation);
        Assert.Equal(AttachMode.Skb, first.After.Mode);

        var second = await chain.Attach(chain.Other, Returning("second", XdpAction.Pass));
        Assert.Equal(AttachMode.Skb, second.After.Mode);
        var native = new AttachOptions { Mode = AttachMode.Native };
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => chain.One.AttachAsync(chain.Interface, [Returning("third", XdpAction.Pass)], native, Cancellation));
        Assert.Contains("skb mode", refused.Message, StringComparison.Ordinal);
    }

    [ExtFact]
    public async Task Ten_threads_that_attach_first_all_succeed()
    {
        using var chain = new ChainFixture();

        var changes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            chain.Attach(i % 2 == 0 ? chain.One : chain.Other, Returning($"program_{i}", XdpAction.Pass))));

        Assert.Equal(
            changes.Select(change => change.Programs.Single().Id.Value).Order(),
            (await chain.Read()).Chain!.Programs.Select(program => program.Id.Value).Order());
    }
}
