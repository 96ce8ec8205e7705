using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>What keeps a foreign program on the hook is named, with what can be done about it.</summary>
public sealed class ForeignHolderTests
{
    private const string Pin = "/sys/fs/bpf/guard/it";

    private readonly World _world = new();
    private readonly SimProcess _stranger;
    private readonly ProgramFd _program;

    public ForeignHolderTests()
    {
        _stranger = _world.Kernel.StartProcess("guardd");
        _program = LoadPlain(_stranger);
    }

    [Fact]
    public void A_program_that_netlink_attached_names_the_process_that_has_it_open_and_the_command_that_detaches_it()
    {
        _stranger.ForceHook(_world.Nic, _program, AttachMode.Skb);

        var holder = HolderOfRefusal();

        Assert.Equal((HookAttachment.Netlink, null), (holder.Attachment, holder.Link));
        Assert.Equal([new HolderProcess(_stranger.Pid, "guardd")], holder.Processes);
        Assert.Empty(holder.Pins);
        Assert.Contains($"process {_stranger.Pid} 'guardd'", Assert.Single(holder.Advice), StringComparison.Ordinal);
        Assert.Contains("'ip link set dev eth0 xdpgeneric off'", holder.Advice[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blue", "'ip -n blue link set dev eth0 xdpdrv off'")]
    [InlineData("/proc/7/ns/net", "'nsenter --net=/proc/7/ns/net ip link set dev eth0 xdpdrv off'")]
    public void The_command_is_for_the_namespace_of_the_interface(string network, string command)
    {
        _stranger.ForceHook(_world.Nic, _program, AttachMode.Native);
        var host = _world.Start(configure: options => options.NetworkNamespace = network);

        Assert.Contains(command, Assert.Single(host.Status().Foreign!.Holder!.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_whose_loader_has_gone_names_its_pin()
    {
        _stranger.ForceHook(_world.Nic, _program);
        PinAt(path => _stranger.Port.Files.Pin(_program, path));
        _stranger.Kill();

        var holder = HolderOfRefusal();

        Assert.Equal([Pin], holder.Pins);
        Assert.Empty(holder.Processes);
    }

    [Fact]
    public void A_link_that_a_process_holds_names_the_process()
    {
        using var link = _stranger.LinkHook(_world.Nic, _program);

        var holder = HolderOfRefusal();

        Assert.Equal((HookAttachment.Link, _stranger.Port.Bpf.GetInfo(link).Id), (holder.Attachment, holder.Link));
        Assert.Equal([new HolderProcess(_stranger.Pid, "guardd")], holder.Processes);
        Assert.StartsWith($"End process {_stranger.Pid} 'guardd'", Assert.Single(holder.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pinned_link_names_its_pin_wherever_a_bpf_file_system_is_mounted()
    {
        const string elsewhere = "/mnt/other/it";
        _world.Kernel.BpfFs.Mount("/mnt/other");
        using var link = _stranger.LinkHook(_world.Nic, _program);
        PinAt(path => _stranger.Port.Files.Pin(link, path));
        _stranger.Port.Files.Pin(link, elsewhere);
        _stranger.Port.Files.Pin(_program, "/mnt/other/program");
        _stranger.Kill();

        var holder = HolderOfRefusal();

        Assert.Equal([elsewhere, Pin], holder.Pins);
        Assert.Equal([$"Remove the pin {elsewhere}, {Pin}, which keeps bpf_link {holder.Link}."], holder.Advice);
    }

    [Fact]
    public void A_link_that_nobody_is_seen_to_hold_is_detached_by_its_id()
    {
        using var link = _stranger.LinkHook(_world.Nic, _program);
        _world.Kernel.OnCall = call =>
        {
            if (call.Operation == nameof(IHostView.ReadHolders))
                call.FailWith(KernelErrno.EACCES);
        };

        var holder = HolderOfRefusal();

        Assert.Contains($"'bpftool link detach id {holder.Link}'", Assert.Single(holder.Advice), StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-036")]
    public void A_dispatcher_of_a_later_version_is_a_matter_of_upgrading()
    {
        var chain = _world.Kernel.StartProcess();
        chain.ForceHook(_world.Nic, ForeignTests.LoadMarked(chain, 9));

        Assert.Contains("knows version 9", Assert.Single(HolderOfRefusal().Advice), StringComparison.Ordinal);
    }

    [Fact]
    [Rule("P-151")]
    public void A_chain_whose_hook_a_link_owns_is_read_and_left_to_the_owner_of_the_link()
    {
        _world.Prepare(Component("ours"));
        var host = _world.Start();
        using var link = TakeOverByLink(host.Status().Chain!.DispatcherId);
        var before = SimCensus.Take(_world.Kernel);

        var attach = Assert.Throws<ForeignProgramException>(() => host.Attach(Component("late")));
        var detach = Assert.Throws<ForeignProgramException>(() => host.Detach(ComponentSelection.All));

        var id = _stranger.Port.Bpf.GetInfo(link).Id;
        foreach (var error in new[] { attach, detach })
        {
            Assert.Contains($"bpf_link {id} owns the hook", error.Message, StringComparison.Ordinal);
            Assert.Equal([_stranger.Pid], error.Program.Holder!.Processes.Select(process => process.Id));
        }

        Assert.Equal(["ours"], host.Names());
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData(nameof(IHostView.ReadHolders))]
    [InlineData(nameof(IBpfFs.Mounts))]
    [InlineData(nameof(IBpf.NextLink))]
    [InlineData(nameof(IBpf.OpenLink))]
    public void What_cannot_be_read_is_left_out_and_the_refusal_stays(string operation)
    {
        using var link = _stranger.LinkHook(_world.Nic, _program);
        _world.Kernel.OnCall = call =>
        {
            if (call.Operation == operation && call.Process != _stranger)
                call.FailWith(KernelErrno.EPERM);
        };

        var isLinkRead = operation is nameof(IHostView.ReadHolders) or nameof(IBpfFs.Mounts);
        Assert.Equal(isLinkRead ? HookAttachment.Link : HookAttachment.Unknown, HolderOfRefusal().Attachment);
    }

    [Fact]
    public void It_is_looked_for_without_the_lock()
    {
        using var link = _stranger.LinkHook(_world.Nic, _program);
        var host = _world.Start();
        var looked = 0;
        _world.Kernel.OnCall = call =>
        {
            if (call.Operation != nameof(IHostView.ReadHolders))
                return;
            looked++;
            Assert.Equal(0, host.Process.LockCount);
            Assert.Empty(host.Process.OpenFds);
        };

        Assert.Throws<ForeignProgramException>(() => host.Detach(ComponentSelection.All));

        Assert.Equal(1, looked);
    }

    private ForeignHolder HolderOfRefusal()
    {
        var host = _world.Start();
        var error = Assert.Throws<ForeignProgramException>(() => host.Attach(Component("ours")));
        var holder = error.Program.Holder!;
        Assert.Equal(holder.ToString(), host.Status().Foreign!.Holder!.ToString());
        Assert.Null(Assert.Single(host.StatusOfAll(), hook => !hook.IsEmpty).Foreign!.Holder);
        Assert.EndsWith($"it is {holder}. {string.Join(' ', holder.Advice)}", error.Message, StringComparison.Ordinal);
        ChainCheck.AssertNothingHeld(host);
        return holder;
    }

    private void PinAt(Func<string, bool> pin)
    {
        _stranger.Port.Files.MakeDirectory(Pin[..Pin.LastIndexOf('/')]);
        Assert.True(pin(Pin));
    }

    private LinkFd TakeOverByLink(ProgramId dispatcher)
    {
        using var program = _stranger.Port.Bpf.OpenProgram(dispatcher)!;
        _stranger.ForceHook(_world.Nic, null);
        return _stranger.LinkHook(_world.Nic, program);
    }
}
