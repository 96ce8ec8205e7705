using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Rules of device-bound programs: what can be bound, and where it fits then.</summary>
internal static class BindingContract
{
    private static readonly Version FirstToBind = new(6, 3);

    public static ImmutableArray<ContractRule> Rules { get; } =
    [
        new("P-231", "A program is bound to an interface that is there and whose driver has metadata", false, machine =>
        {
            machine.LoadXdp(boundTo: machine.Ifindex).Dispose();
            Assert.Equal(KernelErrno.EINVAL, Refusal(() => machine.LoadXdp(boundTo: ContractMachine.NoSuchInterface)).Errno);
            Assert.Equal(KernelErrno.EOPNOTSUPP, Refusal(() => machine.LoadXdp(boundTo: machine.SkbOnlyIfindex)).Errno);
        }) { Since = FirstToBind },
        new("P-215", "A bound program fits the hook of its device, and not in skb mode", false, machine =>
        {
            using var elsewhere = machine.LoadXdp(boundTo: PeerOf(machine));
            AssertRefused(machine, elsewhere, AttachMode.Native, "rogram bound to different device");
            using var bound = machine.LoadXdp(boundTo: machine.Ifindex);
            AssertRefused(machine, bound, AttachMode.Skb, "Can't attach device-bound programs in generic mode");
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.Ifindex, bound, HookExpectation.Empty, AttachMode.Native).Result);
        }) { Since = FirstToBind },
        new("P-232", "A component is bound as the dispatcher that it is loaded against, and fits no other device", true, machine =>
        {
            using var first = machine.LoadDispatcher(boundTo: machine.Ifindex);
            using var second = machine.LoadDispatcher(boundTo: machine.Ifindex);
            using var plain = machine.LoadDispatcher();
            using var elsewhere = machine.LoadDispatcher(boundTo: PeerOf(machine));
            using var component = machine.LoadComponent(first);
            Assert.Equal(KernelErrno.EINVAL, Refusal(() => machine.Attach(component, plain)).Errno);
            Assert.Equal(KernelErrno.EINVAL, Refusal(() => machine.Attach(component, elsewhere)).Errno);
            machine.Attach(component, second).Dispose();
            machine.Attach(component, first).Dispose();
        }) { Since = FirstToBind },
        new("P-232", "A component that is not bound fits a bound dispatcher as well", true, machine =>
        {
            using var plain = machine.LoadDispatcher();
            using var bound = machine.LoadDispatcher(boundTo: machine.Ifindex);
            using var component = machine.LoadComponent(plain);
            machine.Attach(component, bound).Dispose();
        }) { Since = FirstToBind },
        new("P-231", "A component is not bound by itself", true, machine =>
        {
            using var bound = machine.LoadDispatcher(boundTo: machine.Ifindex);
            Assert.Equal(KernelErrno.EINVAL, Refusal(() => machine.LoadComponent(bound, boundTo: machine.Ifindex)).Errno);
        }) { Since = FirstToBind },
    ];

    private static int PeerOf(ContractMachine machine) => machine.Port.Hook.Read(machine.Ifindex)!.Peer!.Value.Index;

    private static KernelException Refusal(Func<IDisposable> action) => Assert.ThrowsAny<KernelException>(() => action().Dispose());

    private static void AssertRefused(ContractMachine machine, ProgramFd program, AttachMode mode, string text)
    {
        var refused = Assert.Throws<KernelException>(() => machine.Port.Hook.Swap(machine.Ifindex, program, HookExpectation.Empty, mode));
        Assert.Equal(KernelErrno.EINVAL, refused.Errno);
        Assert.Contains(text, refused.KernelText, StringComparison.Ordinal);
    }
}
