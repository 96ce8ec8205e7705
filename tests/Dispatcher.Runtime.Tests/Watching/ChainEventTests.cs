using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Watching;

/// <summary>Each kind of event of a hook, from its cause.</summary>
public sealed class ChainEventTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly World _world = new();
    private readonly Host _other;
    private readonly Host _watching;

    public ChainEventTests()
    {
        _other = _world.Start("other");
        _watching = _world.Start("watcher");
    }

    private string Directory => $"{PinRoot}/dispatch-{_world.Nic.Index}-{_world.Nic.Occupant!.Program.Id}";

    [Fact]
    public void What_is_there_comes_first_and_then_a_component_that_joins_and_one_that_leaves()
    {
        _other.Attach(Component("a", 10));
        using var watch = _watching.Watch();

        var observed = watch.Next(ChainEventKind.Observed);
        Assert.Null(observed.Before);
        Assert.Equal(["a"], Names(observed.After));
        Assert.Empty(observed.Joined);

        _other.Attach(Component("b", 5));
        var joined = watch.Next(ChainEventKind.ChainChanged);
        Assert.Equal(observed.After, joined.Before);
        Assert.Equal(["b", "a"], Names(joined.After));
        Assert.Equal(["b"], joined.Joined.Select(program => program.Name));
        Assert.Empty(joined.Left);
        Assert.Equal([(true, false)], joined.Altered.Select(altered => (altered.IsMoved, altered.HasNewPolicy)));

        _other.Detach(ComponentSelection.ByName("a"));
        var left = watch.Next(ChainEventKind.ChainChanged);
        Assert.Equal(["a"], left.Left.Select(program => program.Name));
        Assert.Empty(left.Joined);
    }

    [Fact]
    public void A_chain_starts_changes_its_policy_and_its_version_and_ends()
    {
        using var watch = _watching.Watch();
        Assert.True(watch.Next(ChainEventKind.Observed).After!.IsEmpty);

        _other.Attach(Component("a", 10));
        Assert.Equal(["a"], watch.Next(ChainEventKind.ChainStarted).Joined.Select(program => program.Name));

        _other.SetPolicy(ComponentSelection.ByName("a"), priority: 7);
        var policy = Assert.Single(watch.Next(ChainEventKind.ChainChanged).Altered);
        Assert.Equal((10u, 7u, true, false), (policy.Before.Priority, policy.After.Priority, policy.HasNewPolicy, policy.IsMoved));

        _other.Convert(DispatcherVersion.V3);
        var version = watch.Next(ChainEventKind.ChainChanged);
        Assert.Equal((DispatcherVersion.V2, DispatcherVersion.V3), (version.Before!.Chain!.Version, version.After!.Chain!.Version));
        Assert.Empty(version.Altered);

        _other.Detach(ComponentSelection.All);
        var emptied = watch.Next(ChainEventKind.HookEmptied);
        Assert.Equal(["a"], emptied.Left.Select(program => program.Name));
        Assert.Equal(new ChangeOrigin(new HolderProcess(_other.Process.Pid, "other"), null, null), emptied.Origin);
    }

    [Fact]
    public void A_stranger_that_takes_the_hook_evicts_what_was_there_and_is_named_with_what_holds_it()
    {
        _other.Attach(Component("a", 10));
        using var watch = _watching.Watch();
        watch.Next(ChainEventKind.Observed);
        var brute = _world.Kernel.StartProcess("brute");
        using (var stranger = LoadPlain(brute))
        {
            brute.ForceHook(_world.Nic, stranger);
            var taken = watch.Next(ChainEventKind.HookTaken);
            Assert.Equal(["a"], taken.Left.Select(program => program.Name));
            Assert.Equal(("stranger", HookAttachment.Netlink), (taken.After!.Foreign!.Name, taken.After.Foreign.Holder!.Attachment));
            Assert.Equal([brute.Pid], taken.After.Foreign.Holder.Processes.Select(process => process.Id));
            Assert.Equal(new ChangeOrigin(null, SimKernel.UserId, null), taken.Origin);
        }

        using (var second = LoadPlain(brute, "second"))
            brute.ForceHook(_world.Nic, second);
        Assert.Equal("second", watch.Next(ChainEventKind.HookTaken).After!.Foreign!.Name);
        brute.ForceHook(_world.Nic, null);
        Assert.Equal("second", watch.Next(ChainEventKind.HookEmptied).Before!.Foreign!.Name);
    }

    [Fact]
    public void A_chain_takes_the_place_of_a_stranger()
    {
        _other.Attach(Component("a", 10));
        var dispatcher = _other.Process.Port.Bpf.OpenProgram(new ProgramId(_world.Nic.Occupant!.Program.Id))!;
        using (var stranger = LoadPlain(_other.Process))
            _other.Process.ForceHook(_world.Nic, stranger);
        using var watch = _watching.Watch();
        Assert.NotNull(watch.Next(ChainEventKind.Observed).After!.Foreign);

        _other.Process.ForceHook(_world.Nic, dispatcher);

        var started = watch.Next(ChainEventKind.ChainStarted);
        Assert.Equal(["a"], started.Joined.Select(program => program.Name));
        dispatcher.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pins_that_are_lost_are_seen_at_once_or_at_the_next_look_and_so_is_the_mended_chain(bool isTold)
    {
        _world.Kernel.TellsRemovals = isTold;
        _other.Attach(Component("a", 10), Component("b", 20));
        using var watch = _watching.Watch(lookInterval: Interval);
        watch.Next(ChainEventKind.Observed);
        using var held = _other.Process.Port.Files.OpenLink($"{Directory}/prog1-link");
        var start = _world.Kernel.Clock;

        Assert.True(_other.Process.Port.Files.Unpin($"{Directory}/prog1-link"));

        var broken = watch.Next(ChainEventKind.ChainBroken);
        Assert.InRange(_world.Kernel.Clock - start, isTold ? TimeSpan.Zero : Interval / 2, isTold ? Interval / 4 : Interval * 2);
        Assert.Equal([1], broken.After!.Broken!.LostSlots.Select(lost => lost.Slot));
        Assert.Empty(broken.Left);
        _other.Clean(repair: true);
        var mended = watch.Next(ChainEventKind.ChainMended);
        Assert.Equal(["a", "b"], Names(mended.After));
        Assert.Empty(mended.Joined);
    }

    [Fact]
    public void What_died_with_its_pins_is_off()
    {
        _other.Attach(Component("a", 10), Component("b", 20));
        using var watch = _watching.Watch(lookInterval: Interval);
        watch.Next(ChainEventKind.Observed);
        _world.Kernel.BpfFs.Unpin($"{Directory}/prog1-link");
        _world.Kernel.BpfFs.Unpin($"{Directory}/prog1-prog");
        _world.Kernel.Settle();

        var broken = watch.Next(ChainEventKind.ChainBroken);
        Assert.Equal(["b"], broken.Left.Select(program => program.Name));
        _other.Process.ForceHook(_world.Nic, null);
        Assert.Equal(["a"], watch.Next(ChainEventKind.HookEmptied).Left.Select(program => program.Name));
    }

    [Fact]
    public void What_dies_later_in_a_chain_that_is_broken_already_is_off_then()
    {
        _other.Attach(Component("a", 10), Component("b", 20));
        using var watch = _watching.Watch(lookInterval: Interval);
        watch.Next(ChainEventKind.Observed);
        _world.Kernel.BpfFs.Unpin($"{Directory}/prog1-prog");
        Assert.Empty(watch.Next(ChainEventKind.ChainBroken).Left);
        _world.Kernel.BpfFs.Unpin($"{Directory}/prog1-link");
        _world.Kernel.Settle();

        var broken = watch.Next(ChainEventKind.ChainBroken);
        Assert.Equal(["b"], broken.Left.Select(program => program.Name));
        _other.Clean(repair: true);
        Assert.Empty(watch.Next(ChainEventKind.ChainMended).Left);
    }

    [Fact]
    public void A_chain_whose_pins_are_followed_is_not_read_again_by_a_look()
    {
        _other.Attach(Component("a", 10), Component("b", 20));
        using var watch = _watching.Watch(lookInterval: Interval);
        watch.Next(ChainEventKind.Observed);
        _world.Before(_watching, nameof(IBpfFs.OpenLink), _ => Assert.Fail("pins are read"));
        _world.Before(_watching, nameof(IHookSubscription.FollowPins), _ => _other.Process.ForceHook(_world.Nic, null));

        // Seen by a look alone: the one that found the chain as it was took it off.
        watch.Next(ChainEventKind.HookEmptied);
    }

    [Fact]
    public void A_link_that_takes_the_hook_and_lets_go_is_seen_at_the_next_look()
    {
        using var watch = _watching.Watch(lookInterval: Interval);
        watch.Next(ChainEventKind.Observed);
        using var stranger = LoadPlain(_other.Process);
        using (_other.Process.LinkHook(_world.Nic, stranger))
            Assert.Equal(HookAttachment.Link, watch.Next(ChainEventKind.HookTaken).After!.Foreign!.Holder!.Attachment);

        Assert.Equal("stranger", watch.Next(ChainEventKind.HookEmptied).Before!.Foreign!.Name);
    }

    [Fact]
    public void Who_holds_the_lock_when_it_is_told_is_named_with_what_the_dispatcher_tells_of_itself()
    {
        using var watch = _watching.Watch();
        watch.Next(ChainEventKind.Observed);

        // While the watcher waits.
        _world.Before(_watching, nameof(IPace.Wait), _ => AttachAndKeepTheLock());

        var started = watch.Next(ChainEventKind.ChainStarted);
        Assert.Equal(new ChangeOrigin(new HolderProcess(_other.Process.Pid, "other"), SimKernel.UserId, DispatcherFlavour.Specialised), started.Origin);
    }

    // As when the watcher is told of a swap before the process that made it lets go of the lock.
    private void AttachAndKeepTheLock()
    {
        _other.Attach(Component("a", 10));
        Assert.NotNull(_other.Process.Port.Files.TryLock(PinRoot));
    }

    private static IEnumerable<string>? Names(HookStatus? hook) => hook?.Chain?.Programs.Select(program => program.Name);
}
