using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using static Dispatcher.Runtime.Tests.Simulation.World;
using Host = Dispatcher.Runtime.Tests.Simulation.Host;

namespace Dispatcher.Runtime.Tests.Guarding;

/// <summary>What a guard does about pins that are lost, and about an interface that is not there.</summary>
public sealed class GuardRepairTests
{
    private readonly World _world = new();
    private readonly Host _host;
    private readonly Host _other;

    public GuardRepairTests()
    {
        _other = _world.Start("other");
        _host = _world.Start("guard");
    }

    private string Directory => $"{PinRoot}/dispatch-{_world.Nic.Index}-{_world.Nic.Occupant!.Program.Id}";

    [Fact]
    public void A_report_is_one_line_for_people() =>
        Assert.Equal("Restored: attached: xdp_firewall", new GuardReport(GuardReportKind.Restored, default, "attached: xdp_firewall", ["xdp_firewall"]).ToString());

    [Fact]
    public void A_chain_that_lost_its_pins_is_mended_and_what_is_dead_comes_back_with_the_same_id()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        _other.Attach(Component("ids", 90));
        var before = _other.Status().Chain!.Programs;

        Lose("prog0-link", "prog0-prog");
        Assert.Equal(1, _world.Receive().BypassedSlots);

        Assert.Contains("slot 0 had died: packets passed there", guard.Next(GuardReportKind.Mended).Message, StringComparison.Ordinal);
        Assert.Equal(["firewall"], guard.Next(GuardReportKind.Restored).Programs);
        Assert.Equal(before.Select(program => program.Id), _other.Status().Chain!.Programs.Select(program => program.Id));
        Assert.Equal(["firewall", "ids"], _world.Run());
    }

    [Fact]
    public void Nothing_is_looked_at_without_a_word_and_pins_that_go_at_any_moment_are_missed_all_the_same()
    {
        using var guard = Begin(Timeout.InfiniteTimeSpan, GuardPolicy.WhenMissing, "firewall");
        // The guard goes on only when it is asked for the next report: it does not follow these pins yet.
        guard.Next(GuardReportKind.Restored);
        Lose("prog0-link", "prog0-prog");
        guard.Next(GuardReportKind.Mended);
        guard.Next(GuardReportKind.Restored);

        var start = _world.Kernel.Clock;
        _world.Before(_host, nameof(IPace.Wait), _ => Lose("prog0-link"));
        guard.Next(GuardReportKind.Mended);
        Assert.InRange(_world.Kernel.Clock - start, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void A_chain_all_of_which_is_dead_is_filled_again()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);

        Lose([.. _world.Kernel.BpfFs.List(Directory)]);
        _world.Kernel.BpfFs.RemoveDirectory(Directory);

        guard.Next(GuardReportKind.Mended);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void A_file_system_that_was_away_and_is_empty_when_it_comes_back_is_the_end_of_pins_and_no_obstacle()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        _world.Kernel.BpfFs.Unmount("/sys/fs/bpf");
        Assert.StartsWith("there is no BPF file system at /sys/fs/bpf", guard.Next(GuardReportKind.Blocked).Message, StringComparison.Ordinal);
        Assert.Equal(1, _world.Receive().BypassedSlots);

        _world.Kernel.BpfFs.Mount("/sys/fs/bpf");
        guard.Next(GuardReportKind.Mended);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void When_it_cannot_be_read_what_became_of_a_mending_it_is_looked_at_again()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        Lose("prog0-link");
        guard.Next(GuardReportKind.Mended);
        _world.Before(_host, nameof(IXdpHook.Read), _ => throw new ContentionException(NicName, 1, TimeSpan.Zero, "it does not rest"));
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Theory]
    [InlineData(GuardPolicy.ReportOnly)]
    [InlineData(GuardPolicy.WhenEmpty)]
    public void By_another_policy_it_says_what_is_dead_and_mends_nothing(GuardPolicy policy)
    {
        _other.Attach(Component("firewall", 10), Component("ids", 20));
        using var guard = Begin(policy, "firewall");
        guard.Next(GuardReportKind.InPlace);
        Lose("prog0-link");
        var before = SimCensus.Take(_world.Kernel);
        Assert.StartsWith("the chain is broken: slot 0 is DEAD, and packets pass it; 'xdp-dispatch clean eth0 --repair'", guard.Next(GuardReportKind.Blocked).Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
    }

    [Fact]
    public void What_runs_without_any_pin_may_be_pinned_elsewhere_and_is_left_alone()
    {
        _other.Attach(Component("firewall"));
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.InPlace);
        using var held = _other.Process.Port.Files.OpenLink($"{Directory}/prog0-link");
        Lose("prog0-link");
        Assert.Contains("another BPF file system", guard.Next(GuardReportKind.Blocked).Message, StringComparison.Ordinal);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void A_program_that_was_missing_from_the_beginning_is_reported_when_somebody_attaches_it()
    {
        using var guard = Begin(GuardPolicy.ReportOnly, "firewall");
        guard.Next(GuardReportKind.Missing);
        _other.Attach(Component("firewall"));
        guard.Next(GuardReportKind.InPlace);
        _other.Detach(ComponentSelection.All);
        guard.Next(GuardReportKind.Missing);
    }

    [Fact]
    public void Where_nobody_can_tell_what_is_alive_it_waits_for_an_empty_hook_and_has_spent_nothing()
    {
        _world.Kernel.TellsLinkTargets = false;
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        _other.Attach(Component("ids", 90));
        using var first = _other.Process.Port.Files.OpenLink($"{Directory}/prog0-link");
        using var second = _other.Process.Port.Files.OpenLink($"{Directory}/prog1-link");
        for (var slot = 0; slot < 2; slot++)
        {
            Lose($"prog{slot}-link");
            Assert.Matches("cannot be mended: this kernel does not say|this kernel .before Linux 5.13. does not say", guard.Next(GuardReportKind.Blocked).Message);
        }

        Assert.Contains("(before Linux 5.13) does not say what a link replaces", _other.Status().Broken!.AdviceFor(NicName), StringComparison.Ordinal);
        _other.Process.ForceHook(_world.Nic, null);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void Who_takes_pins_away_again_and_again_is_not_fought()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        for (var time = 2; time <= GuardReader.MostAttempts; time++)
        {
            Lose("prog0-link");
            guard.Next(GuardReportKind.Mended);
            guard.Next(GuardReportKind.Restored);
        }

        Lose("prog0-link");
        Assert.StartsWith("the chain lost pins, after 3 attempts", guard.Next(GuardReportKind.GaveUp).Message, StringComparison.Ordinal);
        Assert.True(guard.HasEnded);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_waited_for()
    {
        _world.Kernel.Network.Remove(_world.Nic);
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        Assert.Equal("there is no interface 'eth0'; the guard waits for it", guard.Next(GuardReportKind.Blocked).Message);

        var late = _world.Kernel.Network.Add(NicName);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _other.Names());

        _world.Kernel.Network.Remove(late);
        guard.Next(GuardReportKind.Blocked);
        _world.Kernel.Network.Add(NicName);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _other.Names());
    }

    [Fact]
    public void An_interface_that_comes_and_goes_is_no_fight_and_leaves_no_pins()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        var nic = _world.Nic;
        for (var round = 0; round < 2 * GuardReader.MostAttempts; round++)
        {
            _world.Kernel.Network.Remove(nic);
            guard.Next(GuardReportKind.Blocked);
            Assert.Empty(_world.Directories());
            nic = _world.Kernel.Network.Add(NicName);
            guard.Next(GuardReportKind.Restored);
            Assert.Single(_world.Directories());
        }

        Assert.Equal(["firewall"], _other.Names());
    }

    [Fact]
    public void Pins_of_an_interface_that_is_gone_that_cannot_be_removed_are_logged_and_it_is_guarded_on()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        _world.Kernel.Network.Remove(_world.Nic);
        _world.Before(_host, nameof(IBpfFs.TryLock), call => call.FailWith(KernelErrno.EIO));
        guard.Next(GuardReportKind.Blocked);

        Assert.Contains($"{NicName}: the interface is gone, and its pins stay; 'xdp-dispatch clean' removes those that nothing uses", _host.LogLines);
        _world.Kernel.Network.Add(NicName);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _other.Names());
    }

    [Fact]
    public void Who_only_reports_leaves_the_pins_of_an_interface_that_is_gone()
    {
        using var guard = Begin(GuardPolicy.ReportOnly, "firewall");
        guard.Next(GuardReportKind.Missing);
        _other.Attach(Component("firewall"));
        guard.Next(GuardReportKind.InPlace);
        _world.Kernel.Network.Remove(_world.Nic);
        guard.Next(GuardReportKind.Blocked);
        Assert.Single(_world.Directories());
    }

    [Fact]
    public void An_interface_with_another_name_is_guarded_on()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall", "ids");
        guard.Next(GuardReportKind.Restored);
        _world.Nic.Rename("wan");
        Assert.Equal("the interface is called 'wan' now, and guarded on: all programs are in the chain", guard.Next(GuardReportKind.InPlace).Message);

        var namesake = _world.Kernel.Network.Add(NicName);
        _other.Process.ForceHook(_world.Nic, null);
        guard.Next(GuardReportKind.Restored);
        Assert.NotNull(_world.Nic.Occupant);
        Assert.Null(namesake.Occupant);
        _world.Kernel.Network.Remove(_world.Nic);
        guard.Next(GuardReportKind.Blocked);
        guard.Next(GuardReportKind.Restored);
        Assert.NotNull(namesake.Occupant);
    }

    private GuardReader Begin(GuardPolicy policy, params ReadOnlySpan<string> names) => Begin(TimeSpan.FromSeconds(1), policy, names);

    private GuardReader Begin(TimeSpan lookInterval, GuardPolicy policy, params ReadOnlySpan<string> names)
    {
        var options = GuardReader.Options(policy, names);
        options.LookInterval = lookInterval;
        return new GuardReader(_host, options);
    }

    private void Lose(params ReadOnlySpan<string> pins)
    {
        foreach (var pin in pins)
            _world.Kernel.BpfFs.Unpin($"{Directory}/{pin}");
        _world.Kernel.Settle();
    }
}
