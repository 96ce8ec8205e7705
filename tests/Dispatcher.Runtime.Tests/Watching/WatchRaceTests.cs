using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Watching;

/// <summary>Changes at every moment of a watch: the last event shows what is there, and nothing piles up.</summary>
public sealed class WatchRaceTests
{
    private readonly World _world = new();
    private readonly Host _rival;
    private readonly Host _host;

    public WatchRaceTests()
    {
        _world.Prepare(Component("a"));
        _rival = _world.Start("rival");
        _host = _world.Start("watcher");
    }

    public static TheoryData<string> Changes => ["joins", "leaves", "taken", "emptied", "removed", "renamed"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_at_any_call_of_the_first_reading_is_seen(string change) => AtEveryCall(change, isLater: false);

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_at_any_call_of_a_later_reading_is_seen(string change) => AtEveryCall(change, isLater: true);

    [Fact]
    public void A_slow_reader_gets_what_is_there_in_one_event_from_what_it_was_told_last()
    {
        using var watch = _host.Watch();
        var observed = watch.Next();
        for (var i = 0; i < 5; i++)
            _rival.Attach(Component($"c{i}"));
        _rival.Detach(ComponentSelection.ByName("c3"));

        var changed = watch.Next(ChainEventKind.ChainChanged);

        Assert.Equal(observed.After, changed.Before);
        Assert.Equal(_rival.Status().Chain!.DispatcherId, changed.After!.Chain!.DispatcherId);
        Assert.Equal(["c0", "c1", "c2", "c4"], changed.Joined.Select(program => program.Name));
        Assert.Equal(_rival.Process.Pid, changed.Origin!.LockHolder!.Id);
    }

    [Fact]
    public void A_slow_reader_is_told_nobody_when_several_were_at_work()
    {
        using var watch = _host.Watch();
        watch.Next();
        _rival.Attach(Component("b"));
        _world.Start("third").Attach(Component("c"));
        Assert.Null(watch.Next(ChainEventKind.ChainChanged).Origin!.LockHolder);
    }

    [Fact]
    public void Who_made_a_change_is_known_though_it_is_done_before_the_watch_runs_again()
    {
        using var watch = _host.Watch();
        watch.Next();
        _world.Before(_host, nameof(IPace.Wait), _ => _rival.Attach(Component("b")));
        Assert.Equal(_rival.Process.Pid, watch.Next(ChainEventKind.ChainChanged).Origin!.LockHolder!.Id);

        _world.Before(_host, nameof(IPace.Wait), _ =>
        {
            _world.Start("third").Attach(Component("c"));
            _rival.Attach(Component("d"));
        });
        Assert.Null(watch.Next(ChainEventKind.ChainChanged).Origin!.LockHolder);
    }

    [Fact]
    public void Removed_pins_are_told_though_others_go_on_changing_without_a_pause()
    {
        var other = _world.Kernel.Network.Add("eth1");
        using var watch = _host.Watch();
        watch.Next();
        var folder = $"{PinRoot}/{_world.Directories().Single()}";
        var start = _world.Kernel.Clock;
        _world.BeforeEach(_host, nameof(IPace.Wait), _ =>
        {
            if (_world.Kernel.BpfFs.List(folder).Contains("prog0-prog"))
                _world.Kernel.BpfFs.Unpin($"{folder}/prog0-prog");
            else
                _world.Kernel.Network.Tell(new HookNotice(HookNoticeKind.Changed, other.Index));
        });
        watch.Next(ChainEventKind.ChainBroken);
        Assert.InRange(_world.Kernel.Clock - start, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_stranger_on_the_hook_is_not_put_there_by_who_took_the_lock()
    {
        using var watch = _host.Watch();
        watch.Next();
        var brute = _world.Kernel.StartProcess("brute");
        using var stranger = LoadPlain(brute);
        _world.Before(_host, nameof(IPace.Wait), _ =>
        {
            _rival.Attach(Component("b"));
            brute.ForceHook(_world.Nic, stranger);
        });
        Assert.Null(watch.Next(ChainEventKind.HookTaken).Origin!.LockHolder);
        _world.Before(_host, nameof(IPace.Wait), _ =>
        {
            Assert.Throws<ForeignProgramException>(() => _rival.Attach(Component("c")));
            brute.ForceHook(_world.Nic, null);
        });
        Assert.Null(watch.Next(ChainEventKind.HookEmptied).Origin);
    }

    [Fact]
    public void A_watch_that_took_the_lock_to_be_sure_is_not_who_changed_something_later()
    {
        using var watch = _host.Watch(lookInterval: TimeSpan.FromSeconds(1));
        watch.Next();
        var folder = $"{PinRoot}/{_world.Directories().Single()}";
        using var held = _rival.Process.Port.Files.OpenLink($"{folder}/prog0-link");
        _rival.Process.Port.Files.Unpin($"{folder}/prog0-link");
        Assert.Null(watch.Next(ChainEventKind.ChainBroken).Origin);

        _rival.Clean(repair: true);
        Assert.Contains(_world.Kernel.LockTakers, taken => taken.Process.Id == _host.Process.Pid);
        _rival.Attach(Component("b"));
        Assert.Equal(_rival.Process.Pid, watch.Next(ChainEventKind.ChainMended).Origin!.LockHolder!.Id);
    }

    [Fact]
    public void What_was_undone_before_it_was_read_is_no_event()
    {
        var port = _rival.Process.Port;
        using var dispatcher = port.Bpf.OpenProgram(new ProgramId(_world.Nic.Occupant!.Program.Id))!;
        using var watch = _host.Watch();
        watch.Next();
        _rival.Process.ForceHook(_world.Nic, null);
        _rival.Process.ForceHook(_world.Nic, dispatcher);
        _world.Before(_host, nameof(IPace.Wait), _ => _rival.Attach(Component("b")));

        Assert.Equal(["b"], watch.Next(ChainEventKind.ChainChanged).Joined.Select(program => program.Name));
    }

    [Fact]
    public void When_notifications_were_dropped_everything_is_read_again()
    {
        var other = _world.Kernel.Network.Add("eth1");
        using var watch = _host.Watch(null);
        for (var i = 0; i < 3; i++)
            watch.Next(ChainEventKind.Observed);
        for (var i = 0; i < SimListener.Capacity; i++)
            other.Rename($"eth{i}");
        _rival.Detach(ComponentSelection.All);
        _world.Kernel.Network.Remove(other);
        _world.Kernel.Network.Add("late");

        Assert.Equal(NicName, watch.Next(ChainEventKind.HookEmptied).InterfaceName);
        Assert.Equal(other.Index, watch.Next(ChainEventKind.InterfaceGone).InterfaceIndex);
        Assert.Equal("late", watch.Next(ChainEventKind.InterfaceAppeared).InterfaceName);
    }

    [Fact]
    public void A_hook_that_does_not_stand_still_is_read_again_later_and_others_go_on()
    {
        var host = _world.Start("impatient", options => options.Deadline = TimeSpan.FromMilliseconds(1));
        using var watch = host.Watch();
        watch.Next(ChainEventKind.Observed);
        _rival.Attach(Component("b"));
        var (isRacing, failures) = (true, 0);
        _world.Kernel.OnCall = call =>
        {
            // What is read of the hook is never what is there a moment later.
            if (call.Process != host.Process)
                return;
            isRacing &= call.Operation != nameof(IHookSubscription.Next) || failures == 0;
            if (!isRacing || call.Operation != nameof(IBpf.OpenProgram))
                return;
            failures++;
            call.FailWith(KernelErrno.ENOENT);
        };

        Assert.Equal(["b"], watch.Next(ChainEventKind.ChainChanged).Joined.Select(program => program.Name));
        Assert.False(isRacing);
    }

    [Fact]
    public void Cancelling_ends_it_and_nothing_is_held()
    {
        using var cancellation = new CancellationTokenSource();
        var watch = _host.WatchUntil(cancellation.Token);
        watch.Next();
        _world.Before(_host, nameof(IPace.Wait), _ => cancellation.Cancel());

        Assert.ThrowsAny<OperationCanceledException>(() => watch.Next());

        watch.Dispose();
        ChainCheck.AssertNothingHeld(_host);
    }

    // In a later reading, another component joins first, as the reason to read.
    private static void AtEveryCall(string change, bool isLater)
    {
        var isMade = true;
        for (var cut = 0; isMade; cut++)
        {
            isMade = false;
            var world = new World();
            world.Prepare(Component("a"));
            var host = world.Start("watcher");
            using var watch = host.Watch();
            if (isLater)
                watch.Next(ChainEventKind.Observed);
            var (first, isReasonGiven) = (host.Process.CallCount, !isLater);
            world.Kernel.OnCall = call =>
            {
                if (call.Process != host.Process)
                    return;
                if (!isReasonGiven)
                {
                    isReasonGiven = true;
                    Make(world, "b joins");
                }

                if (call.Index != first + cut)
                    return;
                isMade = true;
                Make(world, change);
            };
            ChainEvent last;
            try
            {
                last = watch.Next();
            }
            catch (NotFoundException) when (!isLater && change is "removed" or "renamed")
            {
                continue;
            }

            world.Kernel.OnCall = null;
            while (!ShowsWhatIsThere(world, last))
                last = watch.Next();
        }
    }

    private static bool ShowsWhatIsThere(World world, ChainEvent last)
    {
        if (!world.Kernel.Network.Interfaces.Contains(world.Nic))
            return last.After is null;
        return last.After?.Attached?.Value == world.Nic.Occupant?.Program.Id && last.InterfaceName == world.Nic.Name;
    }

    private static void Make(World world, string change)
    {
        var rival = world.Start("rival");
        switch (change)
        {
            case "joins" or "b joins":
                rival.Attach(Component(change[..1]));
                break;
            case "leaves":
                rival.Detach(ComponentSelection.ByName("a"));
                break;
            case "taken":
                using (var stranger = LoadPlain(rival.Process))
                    rival.Process.ForceHook(world.Nic, stranger);
                break;
            case "emptied":
                rival.Process.ForceHook(world.Nic, null);
                break;
            case "removed":
                world.Kernel.Network.Remove(world.Nic);
                break;
            default:
                world.Nic.Rename("wan");
                break;
        }
    }
}
