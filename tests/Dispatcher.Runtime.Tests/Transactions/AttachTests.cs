using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

public sealed class AttachTests
{
    private readonly World _world = new();

    [Fact]
    public void Attaches_a_first_component()
    {
        var host = _world.Start();

        var result = host.Attach(Component("firewall"));

        Assert.True(result.Before.IsEmpty);
        Assert.Equal(AttachMode.Native, result.After.Mode);
        Assert.Equal(DispatcherVersion.V2, result.After.Chain!.Version);
        Assert.Equal("firewall", Assert.Single(result.Programs).Name);
        Assert.Equal(1, result.Attempts);
        Assert.Equal(["firewall"], _world.Run());
        Assert.Equal(["firewall"], host.Names());
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-001")]
    public void Attaches_further_components_in_order_of_priority()
    {
        _world.Prepare(Component("middle", 50), Component("last", 90), Component("first", 10));

        Assert.Equal(["first", "middle", "last"], _world.Run());
        Assert.Equal(["first", "middle", "last"], _world.Start().Names());
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    public void Attaches_several_at_once_and_reports_them_in_the_order_asked()
    {
        var host = _world.Start();

        var result = host.Attach(Component("b", 20), Component("a", 30), Component("c", 10));

        Assert.Equal(["b", "a", "c"], result.Programs.Select(program => program.Name));
        Assert.Equal([1, 2, 0], result.Programs.Select(program => program.Slot));
        Assert.Equal(["c", "b", "a"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-121")]
    public void Holds_ten_and_refuses_an_eleventh()
    {
        var host = _world.Start();
        host.Attach([.. Enumerable.Range(0, 10).Select(i => Component($"p{i}"))]);
        var before = SimCensus.Take(_world.Kernel);

        var refused = Assert.Throws<RefusedException>(() => host.Attach(Component("eleventh")));

        Assert.Contains("at most 10", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void The_chain_ends_at_a_verdict_outside_the_actions()
    {
        _world.Prepare(Component("pass", 10), Component("drop", 20, XdpAction.Drop), Component("never", 30));

        Assert.Equal(["pass", "drop"], _world.Run());
        Assert.Equal((uint)XdpAction.Drop, _world.Receive().Verdict);
    }

    [Fact]
    [Rule("P-002")]
    public void Keeps_program_ids_over_ten_changes()
    {
        var host = _world.Start();
        var kept = host.Attach(Component("kept", 10)).Programs[0];

        for (var round = 0; round < 5; round++)
        {
            var added = host.Attach(Component($"guest{round}", 20)).Programs[0];
            Assert.Equal([kept.Id, added.Id], host.Status().Chain!.Programs.Select(program => program.Id));
            host.Detach(ComponentSelection.ById(added.Id));
        }

        Assert.Equal(kept with { Slot = 0 }, Assert.Single(host.Status().Chain!.Programs));
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Theory]
    [InlineData(AttachMode.Unspecified, true, AttachMode.Native)]
    [InlineData(AttachMode.Unspecified, false, AttachMode.Skb)]
    [InlineData(AttachMode.Skb, true, AttachMode.Skb)]
    [InlineData(AttachMode.Native, true, AttachMode.Native)]
    [Rule("P-110")]
    public void Reports_the_mode_that_the_kernel_chose_and_keeps_it(AttachMode asked, bool hasNativeMode, AttachMode chosen)
    {
        var world = new World(hasNativeMode);
        var host = world.Start();

        Assert.Equal(chosen, host.Attach([Component("first")], new AttachOptions { Mode = asked }).After.Mode);
        Assert.Equal(chosen, host.Attach(Component("second")).After.Mode);
        Assert.Equal(chosen, host.Detach(ComponentSelection.ByName("first")).After.Mode);
        Assert.Equal(["second"], world.Run());
    }

    [Fact]
    [Rule("P-130")]
    public void A_mode_that_the_driver_lacks_is_an_error_and_leaves_nothing()
    {
        var world = new World(hasNativeMode: false);
        var host = world.Start();
        world.Kernel.BpfFs.MakeDirectory(PinRoot);
        var before = SimCensus.Take(world.Kernel);

        var error = Assert.Throws<KernelException>(() => host.Attach([Component("only")], new AttachOptions { Mode = AttachMode.Native }));

        Assert.Equal(KernelErrno.EOPNOTSUPP, error.Errno);
        ChainCheck.AssertSameAs(before, world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_component_that_the_verifier_refuses_changes_nothing_and_takes_no_lock()
    {
        _world.Prepare(Component("there"));
        var host = _world.Start();
        _world.Kernel.Refusals["bad"] = "0: R1 type=ctx\nR1 invalid mem access\nprocessed 1 insns\n";
        var before = SimCensus.Take(_world.Kernel);
        _world.BeforeEach(host, nameof(IBpfFs.TryLock), _ => Assert.Fail("no lock is taken"));

        var refused = Assert.Throws<VerifierException>(() => host.Attach(Component("good"), Component("bad")));

        Assert.Contains("R1 invalid mem access", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-076", "P-093")]
    public void No_verification_happens_under_the_lock_or_twice()
    {
        _world.Prepare(Component("there"));
        var (rival, host) = (_world.Start("rival"), _world.Start());
        var loads = 0;
        _world.Before(host, nameof(IXdpHook.Swap), _ => rival.Process.ForceHook(_world.Nic, null));
        var cut = _world.Kernel.OnCall!;
        _world.Kernel.OnCall = call =>
        {
            if (call.Process == host.Process && call.Operation == nameof(IBpf.LoadProgram) && call.Arguments.StartsWith("Ext", StringComparison.Ordinal))
            {
                loads++;
                Assert.Equal(0, host.Process.LockCount);
            }

            cut(call);
        };

        var result = host.Attach(Component("new"));

        Assert.Equal(2, result.Attempts);
        Assert.Equal(1, loads);
    }

    [Fact]
    [Rule("P-080")]
    public void Without_a_BPF_file_system_nothing_is_tried()
    {
        _world.Kernel.BpfFs.Unmount("/sys/fs/bpf");
        var before = SimCensus.Take(_world.Kernel);
        var host = _world.Start();

        var missing = Assert.Throws<NotFoundException>(() => host.Attach(Component("only")));

        Assert.Contains("mount -t bpf", missing.Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void In_a_mount_namespace_of_its_own_no_file_system_is_mounted_that_would_end_with_it()
    {
        _world.Kernel.BpfFs.Unmount("/sys/fs/bpf");
        var host = _world.Start(configure: options => options.MountBpfFs = true);
        host.Process.HasPrivateMounts = true;

        Assert.Contains("ip netns exec", Assert.Throws<NotFoundException>(() => host.Attach(Component("only"))).Message, StringComparison.Ordinal);

        Assert.False(_world.Kernel.BpfFs.IsOn("/sys/fs/bpf"));
        Assert.True(host.Status().IsEmpty);
    }

    [Fact]
    public void One_that_is_mounted_there_all_the_same_is_named_in_a_note()
    {
        var host = _world.Start();
        host.Process.HasPrivateMounts = true;

        Assert.Equal(ChangeNoteKind.PrivateBpfFs, Assert.Single(host.Attach(Component("only")).Notes).Kind);
        Assert.Empty(host.Detach(ComponentSelection.All).Notes);
    }

    [Fact]
    public void For_an_empty_hook_none_is_missed_by_a_change_that_is_about_what_runs()
    {
        _world.Kernel.BpfFs.Unmount("/sys/fs/bpf");
        var host = _world.Start(configure: options => options.MountBpfFs = true);

        Assert.Equal(ChangeNoteKind.NothingToDo, Assert.Single(host.Detach(ComponentSelection.All).Notes).Kind);
        Assert.Contains("No XDP program is attached", Assert.Throws<NotFoundException>(() => host.SetPolicy(ComponentSelection.ByName("a"), priority: 1)).Message, StringComparison.Ordinal);

        Assert.False(_world.Kernel.BpfFs.IsOn("/sys/fs/bpf"));
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void Where_something_is_on_the_hook_none_is_mounted_whatever_is_asked_for()
    {
        _world.Prepare(Component("there"));
        _world.Kernel.BpfFs.Unmount("/sys/fs/bpf");
        var host = _world.Start(configure: options => options.MountBpfFs = true);
        foreach (Action change in new Action[] { () => host.Attach(Component("only")), () => host.Detach(ComponentSelection.All) })
            Assert.Contains("its pins are not seen", Assert.Throws<NotFoundException>(change).Message, StringComparison.Ordinal);
        Assert.False(_world.Kernel.BpfFs.IsOn("/sys/fs/bpf"));
    }

    [Fact]
    public void When_the_folder_of_pins_goes_while_it_is_used_the_change_is_made_in_another_attempt()
    {
        var host = _world.Start();
        _world.Before(host, nameof(IBpfFs.MakeDirectory), _ => _world.Kernel.BpfFs.RemoveDirectory(PinRoot), arguments: "dispatch-");
        Assert.Equal(2, host.Attach(Component("only")).Attempts);
        Assert.Equal(["only"], _world.Run());
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    public void Pins_that_go_with_their_folder_before_the_swap_are_made_again()
    {
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ =>
        {
            foreach (var directory in _world.Directories())
            {
                foreach (var pin in _world.Kernel.BpfFs.List($"{PinRoot}/{directory}"))
                    _world.Kernel.BpfFs.Unpin($"{PinRoot}/{directory}/{pin}");
                _world.Kernel.BpfFs.RemoveDirectory($"{PinRoot}/{directory}");
            }

            _world.Kernel.BpfFs.RemoveDirectory(PinRoot);
        });
        host.Attach(Component("only"));
        Assert.Equal(["only"], host.Names());
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-081")]
    public void Mounts_a_BPF_file_system_when_asked_to()
    {
        _world.Kernel.BpfFs.Unmount("/sys/fs/bpf");

        _world.Start(configure: options => options.MountBpfFs = true).Attach(Component("only"));

        Assert.Equal(["only"], _world.Run());
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    public void An_unknown_interface_is_named_with_those_there_are()
    {
        _world.Kernel.Network.Remove(_world.Nic);

        var missing = Assert.Throws<NotFoundException>(() => _world.Start().Attach(Component("only")));

        Assert.Contains("'eth0'", missing.Message, StringComparison.Ordinal);
        Assert.Contains("lo", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-064")]
    public void A_name_longer_than_the_kernel_keeps_is_known_whole()
    {
        const string Name = "a_component_with_a_long_name";
        var host = _world.Start();
        host.Attach(Component(Name, 10), Component("a_component_with_another", 20));

        Assert.Equal([Name, "a_component_with_another"], host.Names());
        Assert.Equal(Name, Assert.Single(host.Detach(ComponentSelection.ByName(Name)).Programs).Name);
        ChainCheck.AssertNothingHeld(host);
    }
}
