using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>What the kernel answers to RTM_SETLINK, row by row, and what the port makes of it.</summary>
[Collection(PortCollection.Name)]
public sealed class NetlinkAnswerTests
{
    private const int Lo = PrivateNetwork.LoopbackIfindex;
    private const int NoSuchInterface = 4711;

    private readonly KernelPort _port = LinuxKernel.Open();

    [RootFact]
    [Rule("P-201")]
    public void Occupied_hook_expected_empty_is_busy_with_the_kernels_text() => InPrivate((first, second) =>
    {
        Attach(first);
        var answer = _port.Hook.Swap(Lo, second, HookExpectation.Empty, AttachMode.Skb);
        Assert.Equal(new SwapOutcome(SwapResult.Busy, "XDP program already attached"), answer);
    });

    [RootFact]
    [Rule("P-203")]
    public void Another_program_than_expected_is_a_mismatch_with_the_kernels_text() => InPrivate((first, second) =>
    {
        Attach(first);
        var answer = _port.Hook.Swap(Lo, second, HookExpectation.Holds(second), AttachMode.Skb);
        Assert.Equal(new SwapOutcome(SwapResult.Mismatch, "Active program does not match expected"), answer);
    });

    [RootFact]
    public void Empty_hook_expected_to_hold_a_program_is_a_mismatch() => InPrivate((first, second) =>
    {
        var answer = _port.Hook.Swap(Lo, first, HookExpectation.Holds(second), AttachMode.Skb);
        Assert.Equal(new SwapOutcome(SwapResult.Mismatch, "Active program does not match expected"), answer);
    });

    [RootFact]
    [Rule("P-205")]
    public void Replace_without_an_expected_fd_is_invalid() => InPrivate((first, second) =>
    {
        Attach(first);
        Assert.Equal(Errno.EINVAL, TellRaw(second, Netlink.XDP_FLAGS_REPLACE, expected: null).Errno);
    });

    [RootFact]
    [Rule("P-150", "P-206")]
    public void Expected_fd_without_the_flag_is_ignored_by_the_kernel_which_is_why_the_port_cannot_say_it() => InPrivate((first, second) =>
    {
        Attach(first);
        Assert.Equal(0, TellRaw(second, 0, expected: second).Errno);
        Assert.Equal(_port.Bpf.GetInfo(second).Id, Assert.Single(_port.Hook.Read(Lo)!.Attached).ProgramId);
    });

    [RootFact]
    [Rule("P-207")]
    public void Nothing_to_attach_and_nothing_expected_empties_any_hook_which_is_why_the_port_refuses_it() => InPrivate((first, _) =>
    {
        Attach(first);
        Assert.Equal(0, TellRaw(null, Netlink.XDP_FLAGS_UPDATE_IF_NOEXIST, expected: null).Errno);
        Assert.Empty(_port.Hook.Read(Lo)!.Attached);
    });

    [RootFact]
    [Rule("P-208")]
    public void Hook_owned_by_a_bpf_link_is_busy_whatever_is_expected() => InPrivate((first, second) =>
    {
        using var link = XdpLink.Create(first, Lo);
        Assert.Equal(6u, _port.Bpf.GetInfo(link).Type);
        Assert.Equal((uint)Lo, _port.Bpf.GetInfo(link).TargetObjectId);

        SwapOutcome[] answers =
        [
            _port.Hook.Swap(Lo, second, HookExpectation.Empty, AttachMode.Skb),
            _port.Hook.Swap(Lo, second, HookExpectation.Holds(first), AttachMode.Skb),
            _port.Hook.Swap(Lo, null, HookExpectation.Holds(first), AttachMode.Skb),
        ];

        Assert.All(answers, answer => Assert.Equal(SwapResult.Busy, answer.Result));
        Assert.Contains("Can't replace active BPF XDP link", answers.Select(answer => answer.KernelText));
    });

    [RootFact]
    public void Unknown_interface_is_an_error_to_change_and_null_to_read() => InPrivate((first, _) =>
    {
        var error = Assert.Throws<KernelException>(() => _port.Hook.Swap(NoSuchInterface, first, HookExpectation.Empty, AttachMode.Skb));
        Assert.Equal(Errno.ENODEV, error.Errno);
        Assert.Contains("ip link", error.Message, StringComparison.Ordinal);
        Assert.Null(_port.Hook.Read(NoSuchInterface));
    });

    [RootFact]
    public void Driver_without_native_mode_says_that_skb_works() => InPrivate((first, _) =>
    {
        var error = Assert.Throws<KernelException>(() => _port.Hook.Swap(Lo, first, HookExpectation.Empty, AttachMode.Native));
        Assert.Equal(Errno.EOPNOTSUPP, error.Errno);
        Assert.Contains("skb", error.Message, StringComparison.Ordinal);
    });

    [RootFact]
    [Rule("P-209")]
    public void Native_and_skb_exclude_each_other() => InPrivate((first, second) =>
    {
        Tool.Run("ip", "link", "add", "left", "type", "veth", "peer", "name", "right").OrFail();
        var left = _port.Hook.Read("left")!.Index;
        Assert.Equal(SwapResult.Swapped, _port.Hook.Swap(left, first, HookExpectation.Empty, AttachMode.Native).Result);
        Assert.Equal([new AttachedProgram(AttachMode.Native, _port.Bpf.GetInfo(first).Id)], _port.Hook.Read(left)!.Attached);

        var answer = _port.Hook.Swap(left, second, HookExpectation.Empty, AttachMode.Skb);

        Assert.Equal(SwapResult.Mismatch, answer.Result);
        Assert.Contains("native and generic XDP", answer.KernelText, StringComparison.OrdinalIgnoreCase);
    });

    [RootFact]
    [Rule("P-213")]
    public void A_program_that_is_not_XDP_is_an_error_and_the_hook_keeps_its_program() => InPrivate((first, _) =>
    {
        Attach(first);
        using var notXdp = _port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = (ProgramType)1,
            Name = "socket_filter",
            Instructions = TinyProgram.Returning(0),
            License = "GPL",
        });
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(
            () => _port.Hook.Swap(Lo, notXdp, HookExpectation.Holds(first), AttachMode.Skb)).Errno);
        Assert.Equal(_port.Bpf.GetInfo(first).Id, Assert.Single(_port.Hook.Read(Lo)!.Attached).ProgramId);
    });

    private void InPrivate(Action<ProgramFd, ProgramFd> test)
    {
        using var first = _port.Bpf.LoadXdp(name: "first");
        using var second = _port.Bpf.LoadXdp(name: "second");
        PrivateNetwork.Run(() => test(first, second));
    }

    private void Attach(ProgramFd program) =>
        Assert.Equal(SwapResult.Swapped, _port.Hook.Swap(Lo, program, HookExpectation.Empty, AttachMode.Skb).Result);

    /// <summary>A request that the port has no words for.</summary>
    private static NetlinkAck TellRaw(ProgramFd? program, uint flags, ProgramFd? expected)
    {
        using var lease = new FdLease(program?.Handle, none: -1);
        using var expectedLease = new FdLease(expected?.Handle);
        var writer = new NetlinkWriter(new byte[256], Netlink.RTM_SETLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, NetlinkExchange.Sequence);
        writer.WriteInterfaceHeader(Lo);
        var nest = writer.BeginNest(Netlink.IFLA_XDP);
        writer.Write(Netlink.IFLA_XDP_FD, lease.Number);
        writer.Write(Netlink.IFLA_XDP_FLAGS, flags | Netlink.XDP_FLAGS_SKB_MODE);
        if (expected is not null)
            writer.Write(Netlink.IFLA_XDP_EXPECTED_FD, expectedLease.Number);
        writer.EndNest(nest);
        return new NetlinkExchange(null).Tell("raw", writer.Finish());
    }
}
