using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Network;

/// <summary>What a netlink request expects of the hook.</summary>
internal enum HookGuard
{
    /// <summary>Nothing: whatever is there is replaced. The port cannot ask for this; rivals can.</summary>
    None,

    /// <summary>XDP_FLAGS_UPDATE_IF_NOEXIST.</summary>
    Empty,

    /// <summary>XDP_FLAGS_REPLACE with IFLA_XDP_EXPECTED_FD.</summary>
    Program,
}

/// <summary>The kernel's rules for changing a hook, in the kernel's order.</summary>
/// <remarks>Source: net/core/dev.c, dev_xdp_attach.</remarks>
internal static class HookRules
{
    private const uint FragsFlag = 32;

    // A page of 4,096 bytes without headroom (256), Ethernet header (14) and struct skb_shared_info (320).
    private const int LargestVethMtu = 3506;

    /// <summary>The mode that a request means: without a mode, the driver's hook where it has one.</summary>
    public static AttachMode ModeOf(SimInterface target, AttachMode asked) => asked switch
    {
        AttachMode.Unspecified when target.OccupantCount > 1 =>
            throw new SysError(KernelErrno.EINVAL, "More than one program loaded, unset mode is ambiguous"),
        AttachMode.Unspecified => target.HasNativeMode ? AttachMode.Native : AttachMode.Skb,
        _ => asked,
    };

    /// <summary>A netlink request.</summary>
    /// <param name="target">The interface.</param>
    /// <param name="replacement">The new program; null empties the hook.</param>
    /// <param name="guard">What is expected.</param>
    /// <param name="expected">With <see cref="HookGuard.Program"/>: the program that must be there.</param>
    /// <param name="asked">Mode.</param>
    public static void Set(SimInterface target, SimProgram? replacement, HookGuard guard, SimProgram? expected, AttachMode asked)
    {
        if (replacement is { Type: not ProgramType.Xdp })
            throw new SysError(KernelErrno.EINVAL);
        var mode = ModeOf(target, asked);
        var current = target.On(mode);
        if (current?.Link is not null)
            throw new SysError(KernelErrno.EBUSY, "Can't replace active BPF XDP link");
        RefuseUpper(target);
        if (guard == HookGuard.Program && current?.Program != expected)
            throw new SysError(KernelErrno.EEXIST, "Active program does not match expected");
        if (replacement is not null)
        {
            if (guard == HookGuard.Empty && current is not null)
                throw new SysError(KernelErrno.EBUSY, "XDP program already attached");
            RefuseUnfit(target, replacement, mode);
        }

        if (replacement != current?.Program)
            Exchange(target, replacement, mode);
        target.TellOfHook();
    }

    /// <summary>A link takes an empty hook; that is not told.</summary>
    public static void Attach(SimInterface target, HookLink link, AttachMode mode)
    {
        if (target.On(mode)?.Link is not null)
            throw new SysError(KernelErrno.EBUSY, "Can't replace active BPF XDP link");
        RefuseUpper(target);
        if (target.On(mode) is not null)
            throw new SysError(KernelErrno.EBUSY, "Can't replace active XDP program with BPF link");
        RefuseUnfit(target, link.Program, mode);
        RefuseMissingMode(target, mode);
        RefuseMtu(target, link.Program, mode);
        target.Set(mode, new Occupant(link.Program, link));
    }

    private static void Exchange(SimInterface target, SimProgram? replacement, AttachMode mode)
    {
        var current = target.On(mode);
        RefuseMissingMode(target, mode);
        if (replacement is null)
        {
            target.Clear(mode);
        }
        else
        {
            RefuseMtu(target, replacement, mode);
            replacement.Hold();
            target.Set(mode, new Occupant(replacement, null));
        }

        current?.Program.Drop();
    }

    private static void RefuseUpper(SimInterface target)
    {
        if (target.Upper is { OccupantCount: > 0 })
            throw new SysError(KernelErrno.EEXIST, "Cannot attach when an upper device already has a program");
    }

    private static void RefuseUnfit(SimInterface target, SimProgram program, AttachMode mode)
    {
        var other = mode == AttachMode.Skb ? AttachMode.Native : AttachMode.Skb;
        if (mode != AttachMode.Hw && target.On(other) is not null)
            throw new SysError(KernelErrno.EEXIST, "Native and generic XDP can't be active at the same time");
        if (program.BoundTo is not { } device)
            return;
        if (device != target)
            throw new SysError(KernelErrno.EINVAL, "Program bound to different device");
        if (mode == AttachMode.Skb)
            throw new SysError(KernelErrno.EINVAL, "Can't attach device-bound programs in generic mode");
    }

    // Source: drivers/net/veth.c, veth_xdp_set.
    private static void RefuseMtu(SimInterface target, SimProgram program, AttachMode mode)
    {
        if (mode == AttachMode.Native && target.Peer is { Mtu: > LargestVethMtu } && (program.Load.Flags & FragsFlag) == 0)
            throw new SysError(KernelErrno.ERANGE, "veth: Peer MTU is too large to set XDP");
    }

    private static void RefuseMissingMode(SimInterface target, AttachMode mode)
    {
        if (mode == AttachMode.Hw || (mode == AttachMode.Native && !target.HasNativeMode))
            throw new SysError(KernelErrno.EOPNOTSUPP, "Underlying driver does not support XDP in native mode");
    }
}
