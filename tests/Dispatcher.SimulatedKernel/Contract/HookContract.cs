using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Rules of the hook: what a swap expects and what it answers.</summary>
internal static class HookContract
{
    private const string AlreadyAttached = "already attached";
    private const string NoMatch = "Active program does not match expected";

    public static ImmutableArray<ContractRule> Rules { get; } =
    [
        new("P-200", "A first attach that expects an empty hook works", false, machine => WithTwo(machine, (first, _) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            AssertAttached(machine, first);
        })),
        new("P-201", "Expecting an empty hook again is busy", false, machine => WithTwo(machine, (first, second) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Expect(machine, SwapResult.Busy, AlreadyAttached, second, HookExpectation.Empty);
            AssertAttached(machine, first);
        })),
        new("P-202", "Replacing works when the right program is expected", false, machine => WithTwo(machine, (first, second) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Expect(machine, SwapResult.Swapped, null, second, HookExpectation.Holds(first));
            AssertAttached(machine, second);
        })),
        new("P-203", "Replacing is a mismatch when another program is expected", false, machine => WithTwo(machine, (first, second) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Expect(machine, SwapResult.Mismatch, NoMatch, second, HookExpectation.Holds(second));
            AssertAttached(machine, first);
        })),
        new("P-204", "Removing is a mismatch when another program is expected", false, machine => WithTwo(machine, (first, second) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Expect(machine, SwapResult.Mismatch, NoMatch, null, HookExpectation.Holds(second));
            AssertAttached(machine, first);
        })),
        new("P-204", "Removing works when the right program is expected", false, machine => WithTwo(machine, (first, _) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Expect(machine, SwapResult.Swapped, null, null, HookExpectation.Holds(first));
            AssertAttached(machine, null);
        })),
        new("P-203", "An empty hook that is expected to hold a program is a mismatch", false, machine => WithTwo(machine, (first, second) =>
        {
            Expect(machine, SwapResult.Mismatch, NoMatch, first, HookExpectation.Holds(second));
            Expect(machine, SwapResult.Mismatch, NoMatch, null, HookExpectation.Holds(second));
            AssertAttached(machine, null);
        })),
        new("P-154", "Emptying a hook that is expected empty never reaches the kernel", false, machine => WithTwo(machine, (first, _) =>
        {
            // The kernel looks at UPDATE_IF_NOEXIST only when there is a program: it would empty any hook.
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Assert.Throws<ArgumentException>(() => machine.Port.Hook.Swap(machine.Ifindex, null, HookExpectation.Empty, AttachMode.Skb));
            AssertAttached(machine, first);
        })),
        new("Swapping a program for itself works", false, machine => WithTwo(machine, (first, _) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Holds(first));
            AssertAttached(machine, first);
        })),
        new("P-241", "The hook keeps its program alive, and a swap lets go of it", false, machine => WithTwo(machine, (first, second) =>
        {
            var id = machine.IdOf(first);
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            first.Dispose();
            Assert.True(machine.Lives(id));
            using (var again = machine.Port.Bpf.OpenProgram(id))
                Expect(machine, SwapResult.Swapped, null, second, HookExpectation.Holds(again!));
            Assert.True(machine.Eventually(() => !machine.Lives(id)));
        })),
        new("P-208", "A link owns the hook until its last fd closes", false, machine => WithTwo(machine, (first, second) =>
        {
            using (machine.LinkHook(first))
            {
                Expect(machine, SwapResult.Busy, "Can't replace active BPF XDP link", second, HookExpectation.Empty);
                Expect(machine, SwapResult.Busy, "Can't replace active BPF XDP link", second, HookExpectation.Holds(first));
                Expect(machine, SwapResult.Busy, "Can't replace active BPF XDP link", null, HookExpectation.Holds(first));
                AssertAttached(machine, first);
            }

            AssertAttached(machine, null);
            Expect(machine, SwapResult.Swapped, null, second, HookExpectation.Empty);
        })),
        new("A link does not take a hook that netlink holds", false, machine => WithTwo(machine, (first, second) =>
        {
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Assert.ThrowsAny<Exception>(() => machine.LinkHook(second).Dispose());
            AssertAttached(machine, first);
        })),
        new("P-209", "Native and skb mode exclude each other", false, machine => WithTwo(machine, (first, second) =>
        {
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, AttachMode.Native).Result);
            var read = Assert.Single(machine.Port.Hook.Read(machine.Ifindex)!.Attached);
            Assert.Equal(new AttachedProgram(AttachMode.Native, machine.IdOf(first)), read);
            Expect(machine, SwapResult.Mismatch, "ative and generic XDP can't be active at the same time", second, HookExpectation.Empty);
        })),
        new("P-212", "Without a mode the driver's hook is taken where there is one", false, machine => WithTwo(machine, (first, second) =>
        {
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, AttachMode.Unspecified).Result);
            Assert.Equal(AttachMode.Native, Assert.Single(machine.Port.Hook.Read(machine.Ifindex)!.Attached).Mode);
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.SkbOnlyIfindex, second, HookExpectation.Empty, AttachMode.Unspecified).Result);
            Assert.Equal(AttachMode.Skb, Assert.Single(machine.Port.Hook.Read(machine.SkbOnlyIfindex)!.Attached).Mode);
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.SkbOnlyIfindex, null, HookExpectation.Holds(second), AttachMode.Unspecified).Result);
        })),
        new("P-211", "A driver without native mode is an error", false, machine => WithTwo(machine, (first, _) => Assert.Equal(
            KernelErrno.EOPNOTSUPP,
            Assert.Throws<KernelException>(
                () => machine.Port.Hook.Swap(machine.SkbOnlyIfindex, first, HookExpectation.Empty, AttachMode.Native)).Errno))),
        new("P-210", "An interface that is not there is null to read and an error to change", false, machine => WithTwo(machine, (first, _) =>
        {
            Assert.Null(machine.Port.Hook.Read(ContractMachine.NoSuchInterface));
            Assert.Null(machine.Port.Hook.Read("no-such-if"));
            Assert.Equal(KernelErrno.ENODEV, Assert.Throws<KernelException>(
                () => machine.Port.Hook.Swap(ContractMachine.NoSuchInterface, first, HookExpectation.Empty, AttachMode.Skb)).Errno);
        })),
        new("An interface reads the same by name, by index and among all", false, machine =>
        {
            var read = machine.Port.Hook.Read(machine.Ifindex)!;
            Assert.Equal(read.Index, machine.Port.Hook.Read(read.Name)!.Index);
            Assert.Contains(machine.Port.Hook.ReadAll(), other => other.Index == read.Index && other.Name == read.Name);
        }),
        new("P-243", "An interface that is removed lets go of its program", false, machine => WithTwo(machine, (first, _) =>
        {
            var id = machine.IdOf(first);
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            first.Dispose();
            machine.RemoveInterface();
            Assert.Null(machine.Port.Hook.Read(machine.Ifindex));
            Assert.True(machine.Eventually(() => !machine.Lives(id)));
        })),
        new("A veth tells its kind and its other end", false, machine =>
        {
            var read = machine.Port.Hook.Read(machine.Ifindex)!;
            Assert.Equal("veth", read.Kind);
            var peer = machine.Port.Hook.ReadPeer(read.Peer!.Value)!;
            Assert.Equal((read.Peer.Value.Index, read.Index), (peer.Index, peer.Peer!.Value.Index));
        }),
        new("P-214", "A veth whose other end sends more than a page holds takes no program without frags", false, machine => WithTwo(machine, (first, _) =>
        {
            machine.SetPeerMtu(BufferLimit.MaxMtu + 1);
            var refused = Assert.Throws<KernelException>(
                () => machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, AttachMode.Native));
            Assert.Equal(KernelErrno.ERANGE, refused.Errno);
            Assert.Contains("Peer MTU is too large to set XDP", refused.KernelText, StringComparison.Ordinal);
            AssertAttached(machine, null);
            Expect(machine, SwapResult.Swapped, null, first, HookExpectation.Empty);
            Expect(machine, SwapResult.Swapped, null, null, HookExpectation.Holds(first));
            machine.SetPeerMtu(BufferLimit.MaxMtu);
            Assert.Equal(SwapResult.Swapped, machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, AttachMode.Native).Result);
        })),
        new("P-230", "A component is not for a hook", true, machine =>
        {
            using var dispatcher = machine.LoadDispatcher();
            using var component = machine.LoadComponent(dispatcher);
            Assert.Equal(KernelErrno.EINVAL, Assert.Throws<KernelException>(
                () => machine.Port.Hook.Swap(machine.Ifindex, component, HookExpectation.Empty, AttachMode.Skb)).Errno);
        }),
    ];

    private static void WithTwo(ContractMachine machine, Action<ProgramFd, ProgramFd> check)
    {
        using var first = machine.LoadXdp(name: "first");
        using var second = machine.LoadXdp(name: "second");
        check(first, second);
    }

    private static void Expect(ContractMachine machine, SwapResult result, string? text, ProgramFd? program, HookExpectation expected)
    {
        var answer = machine.Port.Hook.Swap(machine.Ifindex, program, expected, AttachMode.Skb);
        Assert.Equal(result, answer.Result);
        if (text is not null)
            Assert.Contains(text, answer.KernelText, StringComparison.Ordinal);
    }

    private static void AssertAttached(ContractMachine machine, ProgramFd? program)
    {
        ProgramId[] ids = program is null ? [] : [machine.IdOf(program)];
        Assert.Equal(ids, machine.Port.Hook.Read(machine.Ifindex)!.Attached.Select(attached => attached.ProgramId));
    }
}
