using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

public sealed class RaceTests
{
    private readonly World _world = new();

    [Fact]
    [Rule("P-129")]
    public void A_first_attach_lost_to_a_peer_becomes_a_change_of_its_chain()
    {
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => peer.Attach());

        var result = host.Attach(Component("ours", 20));

        Assert.Equal(2, result.Attempts);
        Assert.Equal(["peer"], result.Before.Chain!.Programs.Select(program => program.Name));
        Assert.Equal(["peer", "ours"], _world.Run());
        peer.Finish();
        Assert.Equal(["peer", "ours"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-095", "P-125")]
    public void A_lost_swap_is_undone_and_made_again_on_the_new_chain()
    {
        _world.Prepare(Component("old", 30));
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => peer.Attach());

        var result = host.Attach(Component("ours", 20));

        Assert.Equal(2, result.Attempts);
        Assert.Equal(["peer", "ours", "old"], _world.Run());
        peer.Finish();
        ChainCheck.AssertCarries(_world, ["peer", "ours", "old"]);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
        Assert.Contains(host.LogLines, line => line.Contains("lost a race", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_detach_is_made_again_on_the_new_chain()
    {
        _world.Prepare(Component("old", 30), Component("leaves", 40));
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => peer.Attach());

        var result = host.Detach(ComponentSelection.ByName("leaves"));

        Assert.Equal(2, result.Attempts);
        peer.Finish();
        ChainCheck.AssertCarries(_world, ["peer", "old"]);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-129")]
    public void A_hook_that_a_rival_emptied_gets_a_first_attach()
    {
        _world.Prepare(Component("old"));
        var (host, rival) = (_world.Start(), _world.Kernel.StartProcess());
        _world.Before(host, nameof(IXdpHook.Swap), _ => rival.ForceHook(_world.Nic, null));

        var result = host.Attach(Component("ours"));

        Assert.Equal(2, result.Attempts);
        Assert.True(result.Before.IsEmpty);
        ChainCheck.AssertCarries(_world, ["ours"]);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_detach_from_a_hook_that_a_rival_emptied_finds_nothing_to_do()
    {
        _world.Prepare(Component("old"));
        var (host, rival) = (_world.Start(), _world.Kernel.StartProcess());
        _world.Before(host, nameof(IXdpHook.Swap), _ => rival.ForceHook(_world.Nic, null));

        var result = host.Detach(ComponentSelection.All);

        Assert.Equal((ChangeNoteKind.NothingToDo, 2), (Assert.Single(result.Notes).Kind, result.Attempts));
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData("prog0-prog")]
    [InlineData("prog0-link")]
    [InlineData("prog1-prog")]
    [InlineData("prog1-link")]
    [Rule("P-113", "P-114")]
    public void Pins_that_vanish_while_they_are_read_are_a_lost_race(string pin)
    {
        _world.Prepare(Component("old", 30), Component("older", 40));
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        void Act(SimCall call)
        {
            peer.Attach();
            peer.Finish();
        }

        _world.Before(host, pin.EndsWith("prog", StringComparison.Ordinal) ? nameof(IBpfFs.OpenProgram) : nameof(IBpfFs.OpenLink), Act, pin);

        host.Attach(Component("ours", 20));

        ChainCheck.AssertCarries(_world, ["peer", "ours", "old", "older"]);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-111")]
    public void A_dispatcher_that_vanishes_while_it_is_read_is_a_lost_race()
    {
        _world.Prepare(Component("old", 30));
        var dispatcher = _world.Nic.Occupant!.Program;
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        void Act(SimCall call)
        {
            peer.Attach();
            peer.Finish();
            Assert.True(dispatcher.IsFreed);
        }

        // The first looks, before any component is verified, are skipped: whether the chain is known, and what it is. The next is under the lock.
        _world.Before(host, nameof(IBpf.OpenProgram), Act, $"#{dispatcher.Id}", skip: 2);

        var result = host.Attach(Component("ours", 20));

        Assert.Equal(2, result.Attempts);
        ChainCheck.AssertCarries(_world, ["peer", "ours", "old"]);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-115")]
    public void Status_reads_again_when_the_chain_changes_under_it()
    {
        _world.Prepare(Component("old", 30));
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        void Act(SimCall call)
        {
            peer.Attach();
            peer.Finish();
        }

        _world.Before(host, nameof(IBpfFs.OpenProgram), Act, "prog0-prog");

        Assert.Equal(["peer", "old"], host.Names());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-127")]
    public void Pins_that_a_clean_up_took_before_the_swap_are_put_back()
    {
        _world.Prepare(Component("old", 10));
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ =>
        {
            foreach (var directory in _world.Directories().Where(name => name != $"dispatch-{_world.Nic.Index}-{_world.Nic.Occupant!.Program.Id}"))
            {
                foreach (var pin in _world.Kernel.BpfFs.List($"{PinRoot}/{directory}"))
                    _world.Kernel.BpfFs.Unpin($"{PinRoot}/{directory}/{pin}");
                _world.Kernel.BpfFs.RemoveDirectory($"{PinRoot}/{directory}");
            }
        });

        host.Attach(Component("ours", 20));
        host.Process.Kill();
        _world.Kernel.Settle();

        ChainCheck.AssertCarries(_world, ["old", "ours"]);
        Assert.Equal(["old", "ours"], _world.Start().Names());
    }

    [Fact]
    [Rule("P-125", "P-151")]
    public void A_link_that_takes_the_hook_first_is_told_and_left_alone()
    {
        var (host, stranger) = (_world.Start(), _world.Kernel.StartProcess());
        _world.Before(host, nameof(IXdpHook.Swap), _ => stranger.LinkHook(_world.Nic, LoadPlain(stranger)));

        Assert.Throws<ForeignProgramException>(() => host.Attach(Component("ours")));

        Assert.Equal(["stranger"], _world.Run());
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData(nameof(IXdpHook.Swap), 0)]
    [InlineData(nameof(IXdpHook.Read), 1)]
    public void An_interface_that_goes_away_is_told_and_nothing_is_left(string operation, int skip)
    {
        _world.Prepare(Component("old"));
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        _world.Before(host, operation, _ => _world.Kernel.Network.Remove(_world.Nic), skip: skip);

        Assert.Throws<NotFoundException>(() => host.Attach(Component("ours")));

        ChainCheck.AssertNothingHeld(host);
        Assert.Equal(before.Where(line => !line.StartsWith(NicName, StringComparison.Ordinal)), SimCensus.Take(_world.Kernel));
    }

    [Fact]
    public void Status_of_an_interface_that_goes_away_is_not_found()
    {
        _world.Prepare(Component("old"));
        var host = _world.Start();
        var cleaner = _world.Kernel.StartProcess("cleaner");
        _world.Before(host, nameof(IBpf.OpenProgram), _ =>
        {
            _world.Kernel.Network.Remove(_world.Nic);
            cleaner.SweepAway(PinRoot);
        });

        Assert.Throws<NotFoundException>(() => host.Status());
    }

    [Fact]
    [Rule("P-115")]
    public void Status_of_a_hook_that_never_rests_is_given_up_at_the_deadline()
    {
        var peers = new[] { new Peer(_world, Component("one")), new Peer(_world, Component("two")) };
        peers[0].ForceAttach();
        var host = _world.Start(configure: options => options.Deadline = TimeSpan.FromSeconds(1));
        var turns = 0;
        _world.BeforeEach(host, nameof(IBpfFs.OpenProgram), call => peers[++turns % 2].ForceAttach(), "-prog");
        var pins = _world.Directories().ToDictionary(name => name, name => _world.Kernel.BpfFs.List($"{PinRoot}/{name}"));
        foreach (var (directory, names) in pins)
        {
            foreach (var name in names.Where(name => name.EndsWith("-prog", StringComparison.Ordinal)))
                _world.Kernel.BpfFs.Unpin($"{PinRoot}/{directory}/{name}");
        }

        var given = Assert.Throws<ContentionException>(() => host.Status());

        Assert.InRange(given.Attempts, 5, 1000);
        Assert.Contains("was replaced while its pins were read", given.LastCause, StringComparison.Ordinal);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-086")]
    public void What_stands_in_the_place_of_our_pins_is_from_a_dispatcher_long_gone()
    {
        var host = _world.Start();
        var leftover = _world.Kernel.StartProcess();
        var program = LoadPlain(leftover, "leftover");
        _world.Before(host, nameof(IBpfFs.MakeDirectory), call =>
        {
            _world.Kernel.BpfFs.MakeDirectory(call.Arguments);
            leftover.Port.Files.Pin(program, $"{call.Arguments}/prog0-prog");
        }, "dispatch-");

        host.Attach(Component("ours"));

        Assert.Equal(["ours"], host.Names());
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-123")]
    public void A_pin_that_appears_among_ours_is_never_attached_and_costs_an_attempt()
    {
        var host = _world.Start();
        var intruder = _world.Kernel.StartProcess();
        var program = LoadPlain(intruder, "intruder");
        _world.Before(host, nameof(IBpfFs.Pin), call => intruder.Port.Files.Pin(program, call.Arguments), "prog0-prog");

        var change = host.Attach(Component("ours"));

        Assert.Contains("changed the pins of dispatcher", Assert.Single(change.LostRaces), StringComparison.Ordinal);
        Assert.Equal(["ours"], host.Names());
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }
}
