using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using static Dispatcher.SimulatedKernel.Contract.ContractPrograms;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Rules of EXT programs: which function they may replace, how long, and how often.</summary>
internal static class ReplacementContract
{
    public static ImmutableArray<ContractRule> Rules { get; } =
    [
        new("P-070 P-071", "A component runs in place of a stub until its link goes", true, machine => With(machine, (dispatcher, component) =>
        {
            Assert.Equal(Pass, machine.Run(dispatcher.Program));
            using (machine.Attach(component, dispatcher))
                Assert.Equal(Drop, machine.Run(dispatcher.Program));
            Assert.Equal(Pass, machine.Run(dispatcher.Program));
        })),
        new("P-071 P-072", "A component verified against one dispatcher is linked into others as well", true, machine => With(machine, (first, component) =>
        {
            using var second = machine.LoadDispatcher();
            using var third = machine.LoadDispatcher();
            using var inSecond = machine.Attach(component, second, "prog1");
            using (machine.Attach(component, third, "xdp_dispatcher"))
            {
                using var inFirst = machine.Attach(component, first);
                Assert.Equal([Drop, Drop, Drop], new[] { first, second, third }.Select(dispatcher => machine.Run(dispatcher.Program)));
            }

            Assert.Equal([Pass, Drop, Pass], new[] { first, second, third }.Select(dispatcher => machine.Run(dispatcher.Program)));
        })),
        new("P-071", "A component whose last link is gone can be linked again", true, machine => With(machine, (first, component) =>
        {
            machine.Attach(component, first).Dispose();
            using var second = machine.LoadDispatcher();
            using var link = machine.Attach(component, second, "prog1");
            Assert.Equal([Pass, Drop], new[] { first, second }.Select(dispatcher => machine.Run(dispatcher.Program)));
        })),
        new("P-073 P-224", "A function is replaced by one component at a time", true, machine => With(machine, (dispatcher, component) =>
        {
            using var other = machine.LoadComponent(dispatcher, name: "other");
            using (machine.Attach(component, dispatcher))
                Assert.Equal(KernelErrno.EBUSY, Assert.Throws<KernelException>(() => machine.Attach(other, dispatcher).Dispose()).Errno);
            using var free = machine.Attach(other, dispatcher, "prog1");
            Assert.Equal(Drop, machine.Run(dispatcher.Program));
        })),
        new("P-074", "A component keeps its first target alive until it is attached somewhere", true, machine =>
        {
            using var other = machine.LoadDispatcher();
            var first = machine.LoadDispatcher();
            var id = machine.IdOf(first.Program);
            using var component = machine.LoadComponent(first);
            first.Dispose();
            Assert.False(machine.Eventually(() => !machine.Lives(id)));
            using var link = machine.Attach(component, other);
            Assert.True(machine.Eventually(() => !machine.Lives(id)));
            Assert.Equal(Drop, machine.Run(other.Program));
        }),
        new("P-240", "A link keeps component and dispatcher alive", true, machine =>
        {
            ProgramId dispatcherId;
            ProgramId componentId;
            LinkId linkId;
            using (var link = AttachAndClose(machine, out dispatcherId, out componentId))
            {
                linkId = machine.Port.Bpf.GetInfo(link).Id;
                Assert.False(machine.Eventually(() => !machine.Lives(dispatcherId) || !machine.Lives(componentId)));
            }

            Assert.False(machine.Lives(linkId));
            Assert.True(machine.Eventually(() => !machine.Lives(dispatcherId) && !machine.Lives(componentId)));
        }),
        new("P-240", "A pinned link holds a component in its stub after every fd is closed", true, machine =>
        {
            var pin = machine.Folder + "/link";
            using var dispatcher = machine.LoadDispatcher();
            using (var component = machine.LoadComponent(dispatcher))
            using (var link = machine.Attach(component, dispatcher))
                machine.Port.Files.Pin(link, pin);
            Assert.Equal(Drop, machine.Run(dispatcher.Program));
            machine.Port.Files.Unpin(pin);
            Assert.True(machine.Eventually(() => machine.Run(dispatcher.Program) == Pass));
        }),
        new("P-047 P-225", "A later target has the attach type of the first", true, machine => With(machine, (_, component) =>
        {
            using var other = machine.LoadDispatcher(attachType: 0);
            Assert.Equal(KernelErrno.EINVAL, Assert.Throws<KernelException>(() => machine.Attach(component, other).Dispose()).Errno);
        })),
        new("P-225", "Only functions of a program with BTF are replaced", true, machine => With(machine, (dispatcher, component) =>
        {
            using var other = machine.LoadDispatcher();
            using var plain = machine.LoadXdp();
            var notFunction = (uint)other.Generated.Btf.Count;
            Assert.Equal(KernelErrno.EINVAL, Assert.Throws<KernelException>(
                () => machine.Port.Bpf.AttachToFunction(component, other.Program, notFunction).Dispose()).Errno);
            Assert.Equal(KernelErrno.EINVAL, Assert.Throws<KernelException>(
                () => machine.Port.Bpf.AttachToFunction(component, plain, dispatcher.TypeIdOf("prog0")).Dispose()).Errno);
        })),
        new("P-225", "Only EXT programs replace functions", true, machine => With(machine, (dispatcher, _) =>
        {
            using var plain = machine.LoadXdp();
            Assert.Equal(KernelErrno.EINVAL, Assert.Throws<KernelException>(() => machine.Attach(plain, dispatcher).Dispose()).Errno);
        })),
        new("P-226", "A replacement link tells its program and, from 5.13 on, its target", true, machine => With(machine, (dispatcher, component) =>
        {
            using var link = machine.Attach(component, dispatcher);
            var info = machine.Port.Bpf.GetInfo(link);
            Assert.Equal((2u, machine.IdOf(component)), (info.Type, info.ProgramId));
            if (info.TargetObjectId != 0)
                Assert.Equal((machine.IdOf(dispatcher.Program).Value, dispatcher.TypeIdOf("prog0")), (info.TargetObjectId, info.TargetBtfTypeId));
        })),
        new("A dispatcher carries its components onto a hook", true, machine => With(machine, (dispatcher, component) =>
        {
            using var link = machine.Attach(component, dispatcher);
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.Ifindex, dispatcher.Program, HookExpectation.Empty, AttachMode.Skb).Result);
            Assert.Equal(Drop, machine.Run(dispatcher.Program));
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.Ifindex, null, HookExpectation.Holds(dispatcher.Program), AttachMode.Skb).Result);
        })),
    ];

    private static void With(ContractMachine machine, Action<ContractDispatcher, ProgramFd> check)
    {
        using var dispatcher = machine.LoadDispatcher();
        using var component = machine.LoadComponent(dispatcher);
        check(dispatcher, component);
    }

    private static LinkFd AttachAndClose(ContractMachine machine, out ProgramId dispatcherId, out ProgramId componentId)
    {
        using var dispatcher = machine.LoadDispatcher();
        using var component = machine.LoadComponent(dispatcher);
        dispatcherId = machine.IdOf(dispatcher.Program);
        componentId = machine.IdOf(component);
        return machine.Attach(component, dispatcher);
    }
}
