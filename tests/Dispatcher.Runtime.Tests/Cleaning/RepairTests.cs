using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Cleaning;

/// <summary>A chain that lost pins is named as such, and mended from what is alive.</summary>
public sealed class RepairTests
{
    private readonly World _world = new();
    private readonly SimProcess _keeper;

    public RepairTests()
    {
        _world.Prepare(Component("a", 10), Component("b", 20), Component("c", 30));
        _keeper = _world.Kernel.StartProcess("keeper");
    }

    private string Directory => $"{PinRoot}/dispatch-{_world.Nic.Index}-{_world.Nic.Occupant!.Program.Id}";

    [Fact]
    [Rule("P-114", "P-116", "P-170")]
    public void A_change_is_refused_and_status_says_which_slots_are_without_pins()
    {
        Lose("prog1-link");
        var before = SimCensus.Take(_world.Kernel);
        var host = _world.Start();

        var attach = Assert.Throws<BrokenChainException>(() => host.Attach(Component("z")));
        var detach = Assert.Throws<BrokenChainException>(() => host.Detach(ComponentSelection.All));

        Assert.Equal(attach.Message, detach.Message);
        Assert.Contains("slot 1", attach.Message, StringComparison.Ordinal);
        Assert.Contains("clean eth0 --repair", attach.Message, StringComparison.Ordinal);
        Assert.Equal([new LostSlot(1, 20, ChainCallActions.Default) { IsAlive = false }], host.Status().Broken!.LostSlots.AsEnumerable());
        Assert.Equal([(0, "a"), (2, "c")], host.Status().Broken!.Programs.Select(program => (program.Slot, program.Name)));
        Assert.False(host.Status().IsEmpty);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void Without_the_file_system_of_the_pins_nothing_is_known_of_a_chain_and_nothing_is_mended()
    {
        var options = new XdpDispatcherOptions { BpfFsPath = "/elsewhere" };
        var before = SimCensus.Take(_world.Kernel);
        var host = new Host(_world.Kernel.StartProcess(), options);

        Assert.Equal("/elsewhere", host.Status().Broken!.MissingBpfFs);
        foreach (var action in (Action[])[() => host.Attach(Component("z")), () => host.Detach(ComponentSelection.All), () => host.Clean(), () => host.Clean(repair: true, dryRun: true)])
            Assert.Contains("no BPF file system at /elsewhere", Assert.Throws<NotFoundException>(action).Message, StringComparison.Ordinal);

        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_chain_none_of_whose_pins_are_seen_may_be_pinned_elsewhere()
    {
        _world.Kernel.BpfFs.Mount("/elsewhere");
        var host = new Host(_world.Kernel.StartProcess(), new XdpDispatcherOptions { BpfFsPath = "/elsewhere" });

        Assert.True(host.Status().Broken!.IsWithoutPins);
        Assert.Equal(["a", "b", "c"], host.Status().Broken!.Programs.Select(program => program.Name));
        Assert.Contains("another BPF file system", Assert.Throws<BrokenChainException>(() => host.Attach(Component("z"))).Message, StringComparison.Ordinal);
        Lose("prog1-link");
        Assert.False(_world.Start().Status().Broken!.IsWithoutPins);
    }

    [Fact]
    public void What_is_dead_is_told_from_what_runs_without_pins()
    {
        var dead = new LostSlot(0, 10, ChainCallActions.Default) { IsAlive = false };
        var alive = dead with { Slot = 2, IsAlive = true };
        var chain = new BrokenChain(new ProgramId(7), default, DispatcherVersion.V2, [dead, alive]);
        Assert.Equal("slot 0 is DEAD, and packets pass it; slot 2 runs, but is not fully pinned", chain.ToString());
        Assert.Equal("'xdp-dispatch clean eth0 --repair' mends what runs; load again what is dead", chain.AdviceFor("eth0"));
        Assert.False(chain.IsDead);
        Assert.Equal(
            "slot 2 runs, but its pins are those of interface index 2: another interface of the chain, or this one before it moved",
            (chain with { LostSlots = [alive with { PinnedForIndex = 2 }] }).ToString());

        var all = chain with { LostSlots = [dead, dead with { Slot = 1 }], IsWithoutPins = true };
        Assert.True(all.IsDead);
        Assert.Equal("slots 0, 1 are DEAD, and packets pass them", all.ToString());
        Assert.Contains("takes it off the hook; then load", all.AdviceFor("eth0"), StringComparison.Ordinal);

        var unknown = chain with { LostSlots = [dead with { IsAlive = null }], IsWithoutPins = true };
        Assert.Equal("slot 0 is not fully pinned", unknown.ToString());
        Assert.Contains("another BPF file system", unknown.AdviceFor("eth0"), StringComparison.Ordinal);
        Assert.False(unknown.IsDead);
    }

    [Fact]
    [Rule("P-171", "P-172")]
    public void Pins_that_are_gone_are_made_again_from_links_that_some_process_holds()
    {
        using var held = _keeper.Port.Files.OpenLink($"{Directory}/prog1-link");
        using var alsoHeld = _keeper.Port.Files.OpenLink($"{Directory}/prog2-link");
        Lose("prog1-link", "prog1-prog", "prog2-link");
        var dispatcher = _world.Nic.Occupant!.Program.Id;
        var host = _world.Start();
        var broken = host.Status().Broken!;
        Assert.All(broken.LostSlots, lost => Assert.True(lost.IsAlive));
        Assert.Equal("slots 1, 2 run, but are not fully pinned", broken.ToString());

        var repair = Assert.Single(host.Clean(repair: true).Chains);

        Assert.Equal(RepairVerdict.Repaired, repair.Verdict);
        Assert.Equal(["a", "b", "c"], repair.Programs.Select(program => program.Name));
        Assert.Empty(repair.Lost);
        Assert.Equal(dispatcher, _world.Nic.Occupant!.Program.Id);
        AssertWhole(host, "a", "b", "c");
    }

    [Fact]
    [Rule("P-172")]
    public void Pins_that_are_gone_with_their_directory_are_made_again()
    {
        using var first = _keeper.Port.Files.OpenLink($"{Directory}/prog0-link");
        using var second = _keeper.Port.Files.OpenLink($"{Directory}/prog1-link");
        using var third = _keeper.Port.Files.OpenLink($"{Directory}/prog2-link");
        Lose([.. _world.Kernel.BpfFs.List(Directory)]);
        _world.Kernel.BpfFs.RemoveDirectory(Directory);
        var host = _world.Start();

        host.Clean(repair: true);

        AssertWhole(host, "a", "b", "c");
    }

    [Fact]
    [Rule("P-173")]
    public void A_component_that_is_dead_leaves_the_chain_and_is_named_by_its_slot()
    {
        Lose("prog0-link", "prog0-prog");
        Assert.Equal(1, _world.Receive().BypassedSlots);
        var host = _world.Start();

        var repair = Assert.Single(host.Clean(repair: true).Chains);

        Assert.Equal([new LostSlot(0, 10, ChainCallActions.Default) { IsAlive = false }], repair.Lost.AsEnumerable());
        Assert.Equal(["b", "c"], repair.Programs.Select(program => program.Name));
        AssertWhole(host, "b", "c");
    }

    [Fact]
    [Rule("P-173")]
    public void A_chain_of_which_nothing_is_alive_leaves_the_hook()
    {
        Lose([.. _world.Kernel.BpfFs.List(Directory)]);
        var host = _world.Start();

        var repair = Assert.Single(host.Clean(repair: true).Chains);

        Assert.Equal(3, repair.Lost.Length);
        Assert.Null(_world.Nic.Occupant);
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData("prog1-link", "prog1-prog", false)]
    [InlineData("prog1-prog", null, true)]
    [Rule("P-174")]
    public async Task Where_links_do_not_say_what_they_replace_their_pins_do(string pin, string? other, bool isAlive)
    {
        _world.Kernel.TellsLinkTargets = false;
        _world.Kernel.Network.Add("eth1");
        var host = _world.Start();
        await host.Library.AttachAsync("eth1", [Component("far")], new AttachOptions(), TestContext.Current.CancellationToken);
        Lose([.. new[] { pin, other }.OfType<string>()]);

        Assert.Equal(isAlive, Assert.Single(host.Status().Broken!.LostSlots).IsAlive);
        host.Clean(repair: true);

        string[] expected = isAlive ? ["a", "b", "c"] : ["a", "c"];
        Assert.Equal(expected, host.Names());
        Assert.Equal(expected, _world.Run());
    }

    [Fact]
    [Rule("P-174")]
    public void Where_links_do_not_say_what_they_replace_one_without_a_pin_may_be_of_any_chain()
    {
        _world.Kernel.TellsLinkTargets = false;
        using var held = _keeper.Port.Files.OpenLink($"{Directory}/prog1-link");
        Lose("prog1-link");
        var host = _world.Start();

        Assert.Null(Assert.Single(host.Status().Broken!.LostSlots).IsAlive);
        Assert.Equal(RepairVerdict.Refused, Assert.Single(host.Clean(repair: true).Chains).Verdict);
    }

    [Fact]
    public void A_chain_of_one_is_mended_too()
    {
        _world.Start().Detach(ComponentSelection.ByName("a"));
        _world.Start().Detach(ComponentSelection.ByName("b"));
        using var held = _keeper.Port.Files.OpenLink($"{Directory}/prog0-link");
        Lose("prog0-link", "prog0-prog");
        var host = _world.Start();

        host.Clean(repair: true);

        AssertWhole(host, "c");
    }

    [Fact]
    [Rule("P-171")]
    public void An_interface_that_got_another_index_finds_its_pins_under_the_old_one()
    {
        var moved = $"{PinRoot}/dispatch-{_world.Nic.Index + 7}-{_world.Nic.Occupant!.Program.Id}";
        var process = _world.Kernel.StartProcess();
        process.Port.Files.MakeDirectory(moved);
        foreach (var name in _world.Kernel.BpfFs.List(Directory))
            _world.Kernel.BpfFs.Pin(_world.Kernel.BpfFs.Get($"{Directory}/{name}"), $"{moved}/{name}");
        Lose([.. _world.Kernel.BpfFs.List(Directory)]);
        _world.Kernel.BpfFs.RemoveDirectory(Directory);
        var host = _world.Start();

        Assert.All(host.Status().Broken!.LostSlots, lost => Assert.Equal((true, _world.Nic.Index + 7), (lost.IsAlive, lost.PinnedForIndex)));
        Assert.Equal(["a", "b", "c"], host.Status().Broken!.Programs.Select(program => program.Name));
        Assert.Equal(SweepVerdict.Kept, Assert.Single(host.Clean().Directories).Verdict);
        host.Clean(repair: true);

        AssertWhole(host, "a", "b", "c");
    }

    [Theory]
    [InlineData(true, true, RepairVerdict.WouldRepair)]
    [InlineData(false, false, RepairVerdict.Broken)]
    public void Without_leave_to_change_anything_it_says_what_is_alive(bool repair, bool dryRun, RepairVerdict verdict)
    {
        using var held = _keeper.Port.Files.OpenLink($"{Directory}/prog1-link");
        Lose("prog1-link", "prog1-prog", "prog2-link");
        var before = SimCensus.Take(_world.Kernel);
        var host = _world.Start();

        var found = Assert.Single(host.Clean(repair, dryRun).Chains);

        Assert.Equal(verdict, found.Verdict);
        Assert.Equal(["a", "b"], found.Programs.Select(program => program.Name));
        Assert.Equal(2, Assert.Single(found.Lost).Slot);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_whole_chain_stays_as_it_is()
    {
        var before = SimCensus.Take(_world.Kernel);

        Assert.Empty(_world.Start().Clean(repair: true).Chains);

        ChainCheck.AssertSameAs(before, _world);
    }

    [Fact]
    public void Whenever_a_repair_dies_the_next_one_ends_it()
    {
        for (var index = 0; ; index++)
        {
            var tests = new RepairTests();
            tests.Lose("prog0-link", "prog0-prog");
            var victim = tests._world.Start("victim");
            tests._world.BeforeCall(victim, index, call => call.Crash());
            var error = Record.Exception(() => victim.Clean(repair: true));
            tests._world.Kernel.OnCall = null;
            tests._world.Kernel.Settle();
            Assert.Contains(string.Join(',', tests._world.Run()), (string[])["b,c"]);

            var host = tests._world.Start();
            host.Clean(repair: true);
            tests.AssertWhole(host, "b", "c");
            if (error is null)
            {
                Assert.InRange(index, 30, 500);
                return;
            }
        }
    }

    private void Lose(params string[] names)
    {
        foreach (var name in names)
            _world.Kernel.BpfFs.Unpin($"{Directory}/{name}");
        _world.Kernel.Settle();
    }

    private void AssertWhole(Host host, params string[] names)
    {
        _world.Kernel.Settle();
        ChainCheck.AssertCarries(_world, [.. names]);
        ChainCheck.AssertOnlyLivePins(_world);
        ChainCheck.AssertNothingHeld(host);
        Assert.Equal(names, host.Names());
    }
}
