using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Network;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>rtnetlink.</summary>
internal sealed class SimHookPort(SimProcess process) : SimPort(process), IXdpHook
{
    public InterfaceReading? Read(int ifindex) => Call<InterfaceReading?>(
        nameof(Read), ifindex.ToString(CultureInfo.InvariantCulture), () => Process.Network.Find(ifindex).Read(), null, KernelErrno.ENODEV);

    public InterfaceReading? Read(string name) =>
        Call<InterfaceReading?>(nameof(Read), name, () => Process.Network.Find(name).Read(), null, KernelErrno.ENODEV);

    public InterfaceReading? ReadPeer(InterfacePeer peer) => Call<InterfaceReading?>(
        nameof(ReadPeer), peer.Index.ToString(CultureInfo.InvariantCulture), () => Process.Network.Find(peer.Index).Read(), null, KernelErrno.ENODEV);

    public ImmutableArray<InterfaceReading> ReadAll() =>
        Call(nameof(ReadAll), "", () => Process.Network.Interfaces.Select(found => found.Read()).ToImmutableArray());

    public SwapOutcome Swap(int ifindex, ProgramFd? replacement, HookExpectation expected, AttachMode mode)
    {
        if (replacement is null && expected.Program is null)
            throw new ArgumentException("Emptying a hook that is expected empty would be unconditional: the kernel looks at the flag only with a program.", nameof(expected));
        var arguments = $"{ifindex} {Text(expected.Program)} -> {Text(replacement)} {mode}";
        try
        {
            Process.Enter(nameof(Swap), arguments);
            HookRules.Set(
                Process.Network.Find(ifindex),
                replacement is null ? null : Process.Resolve<SimProgram>(replacement),
                expected.Program is null ? HookGuard.Empty : HookGuard.Program,
                expected.Program is null ? null : Process.Resolve<SimProgram>(expected.Program),
                mode);
            Process.LeaveSwap(nameof(Swap), arguments);
            return Process.Return(new SwapOutcome(SwapResult.Swapped));
        }
        catch (SysError error)
        {
            Process.Return(error.Errno);
            return error.Errno switch
            {
                KernelErrno.EEXIST => new SwapOutcome(SwapResult.Mismatch, error.Text),
                KernelErrno.EBUSY => new SwapOutcome(SwapResult.Busy, error.Text),
                _ => throw new KernelException($"{nameof(Swap)}({arguments})", error.Errno, error.Text),
            };
        }
    }

    private static string Text(ProgramFd? fd) => fd?.Handle is SimHandle handle ? handle.Object.ToString()! : "empty";
}
