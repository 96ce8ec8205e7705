using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>A program that is in the chain is not attached again where that is asked for.</summary>
public sealed class PresentTests
{
    private static readonly AttachOptions Once = new() { IfPresent = PresentProgram.Keep };

    private readonly World _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_there_stays_as_it_is_and_the_others_join()
    {
        var (first, second) = (_world.Start(), _world.Start());
        first.Attach(Component("firewall", 33));
        var present = first.Status().Chain!.Programs[0];

        var result = second.Attach([Component("firewall", 5, XdpAction.Drop), Component("ids", 10)], Once);

        Assert.Equal(["ids", "firewall"], _world.Run());
        Assert.Equal(["ids"], result.Programs.Select(program => program.Name));
        Assert.Equal((present.Id, 33u, 1), (Assert.Single(result.Kept).Id, result.Kept[0].Priority, result.Kept[0].Slot));
        Assert.Equal(new ChangeNote(ChangeNoteKind.Kept, $"'firewall' is in the chain already, and is kept: program {present.Id}"), result.Notes[0]);
        ChainCheck.AssertNothingHeld(second);
    }

    [Fact]
    public void When_all_of_them_are_there_nothing_changes_and_a_plan_says_so()
    {
        var host = _world.Start();
        host.Attach(Component("firewall", 10), Component("ids", 20));
        var dispatcher = host.Status().Chain!.DispatcherId;
        var request = new AttachRequest([Component("ids"), Component("firewall")], Once with { Mode = AttachMode.Skb, Protocol = DispatcherVersion.V3 });

        var plan = host.Plan(request);
        var result = host.Apply(request);

        Assert.True(plan.ChangesNothing);
        Assert.Equal(plan.Notes, result.Notes);
        Assert.Equal([ChangeNoteKind.NothingToDo, ChangeNoteKind.NothingToDo], result.Notes.Select(note => note.Kind));
        Assert.Equal(["ids", "firewall"], result.Kept.Select(program => program.Name));
        Assert.Empty(result.Programs);
        Assert.Equal(dispatcher, host.Status().Chain!.DispatcherId);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_full_chain_keeps_what_it_has()
    {
        var host = _world.Start();
        host.Attach([.. Enumerable.Range(0, 10).Select(number => Component($"p{number}"))]);
        Assert.Equal("p3", Assert.Single(host.Attach([Component("p3")], Once).Kept).Name);
        Assert.Throws<RefusedException>(() => host.Attach([Component("p3"), Component("p10")], Once));
    }

    [Fact]
    public void Of_several_with_one_name_the_first_is_kept_and_programs_of_one_request_are_not_held_against_each_other()
    {
        var host = _world.Start();
        Assert.Equal(2, host.Attach([Component("twin", 10), Component("twin", 20)], Once).Programs.Length);
        var kept = Assert.Single(host.Attach([Component("twin"), Component("twin")], Once).Kept);
        Assert.Equal(0, kept.Slot);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_two_processes_at_once_one_program_is_left_wherever_the_other_comes_in_between(bool hasChain)
    {
        var (calls, came) = (int.MaxValue, 0);
        for (var call = 0; call < calls; call++)
        {
            var world = new World();
            if (hasChain)
                world.Prepare(Component("ids", 10));
            var (first, second, looker) = (world.Start(), world.Start(), world.Start());
            world.BeforeCall(first, call, _ =>
            {
                // Who holds the lock is waited for, and would never let go of it here.
                if (IsLocked(world, looker))
                    return;
                came++;
                second.Attach([Component("firewall")], Once);
            });

            first.Attach([Component("firewall")], Once);
            calls = first.Process.CallCount;
            Assert.Equal(hasChain ? ["ids", "firewall"] : ["firewall"], world.Run());
            ChainCheck.AssertNothingHeld(first);
        }

        Assert.InRange(came, 5, calls);
    }

    [Fact]
    public async Task The_handle_is_one_of_the_program_that_is_there()
    {
        var (first, second) = (_world.Start(), _world.Start());
        using var attached = await first.Library.AttachAsync(NicName, Component("firewall", 33), Once, Cancellation);
        var others = _world.Start();
        others.Attach(Component("early", 10));

        using (var kept = await second.Library.AttachAsync(NicName, Component("firewall"), Once, Cancellation))
        {
            Assert.Equal((attached.Id, "firewall"), (kept.Id, kept.Name));
            Assert.Equal(1, (await kept.LocateAsync(Cancellation))!.Slot);

            // It is held: the program lives when everybody else lets go of it.
            others.Detach(ComponentSelection.ByName("firewall"));
            first.Process.Kill();
            _world.Kernel.Settle();
            await kept.ReattachAsync(Cancellation);
            Assert.Equal(["early", "firewall"], _world.Run());
            Assert.Equal(33u, (await kept.LocateAsync(Cancellation))!.Priority);
        }

        ChainCheck.AssertNothingHeld(second);
    }

    [Fact]
    public async Task A_program_that_goes_at_any_moment_of_the_attach_leaves_a_handle_that_works()
    {
        var calls = int.MaxValue;
        for (var call = 0; call < calls; call++)
        {
            var world = new World();
            world.Prepare(Component("firewall", 33));
            var (host, brute) = (world.Start(), world.Kernel.StartProcess("brute"));
            world.BeforeCall(host, call, _ =>
            {
                brute.ForceHook(world.Nic, null);
                world.Kernel.Settle();
            });

            using var held = await host.Library.AttachAsync(NicName, Component("firewall"), Once, Cancellation);
            calls = host.Process.CallCount;
            world.Kernel.OnCall = null;
            await held.ReattachAsync(Cancellation);
            Assert.Equal(["firewall"], world.Run());
            Assert.Equal(held.Id, (await held.LocateAsync(Cancellation))!.Id);
        }
    }

    [Fact]
    public void Maps_of_a_program_that_does_not_join_are_not_filled_and_those_of_one_that_joins_are_filled_once()
    {
        var (first, second) = (_world.Start(), _world.Start());
        var fillings = new List<string>();
        ComponentProgram Counter(string name) => ElfComponentTests.FromElf(name) with { FillMaps = maps => fillings.Add(name) };
        first.Attach([Counter("present")], Once);
        fillings.Clear();
        var peer = new Peer(_world, Component("peer", 10));
        _world.Before(second, nameof(IXdpHook.Swap), _ =>
        {
            peer.Attach();
            peer.Finish();
        });

        second.Plan(new AttachRequest([Counter("joins")], Once));
        Assert.Empty(fillings);
        var result = second.Attach([Counter("present"), Counter("joins")], Once);

        Assert.Equal(2, result.Attempts);
        Assert.Equal(["joins"], fillings);
        var failing = Counter("fails") with { FillMaps = _ => throw new InvalidOperationException("not filled") };
        Assert.Throws<InvalidOperationException>(() => second.Attach([failing], Once));
        Assert.DoesNotContain("fails", second.Names());
        ChainCheck.AssertNothingHeld(second);
    }

    [Fact]
    public void A_value_that_does_not_exist_is_refused_at_once() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new AttachRequest([Component("ours")], new AttachOptions { IfPresent = (PresentProgram)7 }));

    private static bool IsLocked(World world, Host looker)
    {
        if (!world.Kernel.BpfFs.IsOn(PinRoot))
            return false;
        using var taken = looker.Process.Port.Files.TryLock(PinRoot);
        return taken is null;
    }
}
