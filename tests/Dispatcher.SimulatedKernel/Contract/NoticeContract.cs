using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Rules of what the kernel tells of hooks without being asked, and of what it does not tell.</summary>
/// <remarks>That nothing is told of one thing is seen by another that is, and comes first: nothing here waits for time to pass.</remarks>
internal static class NoticeContract
{
    private const int MoreThanFits = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static ImmutableArray<ContractRule> Rules { get; } =
    [
        new("A change of a hook is told once it can be read", false, machine =>
        {
            machine.BringUp();
            foreach (var mode in new[] { AttachMode.Skb, AttachMode.Native })
            {
                Listening(machine, (first, notices) =>
                {
                    using var second = machine.LoadXdp(name: "second");
                    machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, mode);
                    AwaitHook(machine, notices, machine.IdOf(first));
                    machine.Port.Hook.Swap(machine.Ifindex, second, HookExpectation.Holds(first), mode);
                    AwaitHook(machine, notices, machine.IdOf(second));
                    machine.Port.Hook.Swap(machine.Ifindex, null, HookExpectation.Holds(second), mode);
                    AwaitHook(machine, notices, null);
                });
            }
        }),
        new("A change that is refused is not told", false, machine =>
        {
            machine.BringUp();
            Listening(machine, (first, notices) =>
            {
                machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Holds(first), AttachMode.Skb);
                AssertSilent(machine, notices);
            });
        }),
        new("That an interface comes up or goes down is told, and can be read then", false, machine => Listening(machine, (_, notices) =>
        {
            Assert.False(machine.Port.Hook.Read(machine.Ifindex)!.IsUp);
            machine.BringUp();
            AwaitState(machine, notices, isUp: true);
            machine.TakeDown();
            AwaitState(machine, notices, isUp: false);
        })),
        new("A hook of an interface that is down changes without a word", false, machine => Listening(machine, (first, notices) =>
        {
            machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, AttachMode.Skb);
            machine.Port.Hook.Swap(machine.Ifindex, null, HookExpectation.Holds(first), AttachMode.Skb);
            AssertSilent(machine, notices);
        })),
        new("A link takes a hook and gives it back without a word", false, machine =>
        {
            machine.BringUp();
            Listening(machine, (first, notices) =>
            {
                machine.LinkHook(first).Dispose();
                AssertSilent(machine, notices);
            });
        }),
        new("A new name is told", false, machine => Listening(machine, (_, notices) =>
        {
            machine.Rename("renamed");
            Assert.Equal(new HookNotice(HookNoticeKind.Changed, machine.Ifindex), Await(notices));
            Assert.Equal("renamed", machine.Port.Hook.Read(machine.Ifindex)!.Name);
        })),
        new("An interface that is removed is told as gone", false, machine => Listening(machine, (_, notices) =>
        {
            machine.RemoveInterface();
            Assert.Equal(new HookNotice(HookNoticeKind.Gone, machine.Ifindex), AwaitGone(notices, machine.Ifindex));
            Assert.Null(machine.Port.Hook.Read(machine.Ifindex));
        })),
        new("An interface that moves to another network namespace is told as gone, with where to", false, machine => Listening(machine, (_, notices) =>
        {
            machine.MoveInterface();
            var notice = AwaitGone(notices, machine.Ifindex);
            Assert.NotNull(notice.MovedTo?.NamespaceId);
            Assert.NotNull(notice.MovedTo?.Index);
            Assert.Null(machine.Port.Hook.Read(machine.Ifindex));
        })),
        new("What is removed from a folder of pins is told while it is followed, and what is added is not", false, machine => Listening(machine, (first, notices) =>
        {
            var (one, other) = (machine.Folder + "/one", machine.Folder + "/other");
            machine.Port.Files.MakeDirectory(one);
            machine.Port.Files.MakeDirectory(other);
            notices.FollowPins(machine.Ifindex, machine.Folder + "/nowhere");
            Assert.False(notices.FollowsPins(machine.Ifindex));
            Assert.False(notices.FollowPins(machine.Ifindex, other));
            Assert.False(notices.FollowPins(machine.Ifindex, one));
            Assert.True(notices.FollowPins(machine.Ifindex, one));
            Assert.True(notices.FollowsPins(machine.Ifindex));
            foreach (var folder in new[] { one, other })
                machine.Port.Files.Pin(first, folder + "/pin");
            AssertSilent(machine, notices);
            machine.Port.Files.Unpin(other + "/pin");
            machine.Port.Files.RemoveDirectory(other);
            AssertSilent(machine, notices);
            machine.Port.Files.Unpin(one + "/pin");
            Assert.Equal(new HookNotice(HookNoticeKind.PinsRemoved, machine.Ifindex), Await(notices));
            machine.Port.Files.RemoveDirectory(one);
            Assert.Equal(new HookNotice(HookNoticeKind.PinsRemoved, machine.Ifindex), Await(notices));
            while (notices.Next(TimeSpan.Zero, CancellationToken.None) is { } again)
                Assert.Equal(HookNoticeKind.PinsRemoved, again.Kind);
            Assert.False(notices.FollowsPins(machine.Ifindex));

            // Another of the same name is another one.
            machine.Port.Files.MakeDirectory(one);
            Assert.False(notices.FollowPins(machine.Ifindex, one));
            machine.Port.Files.Pin(first, one + "/pin");
            machine.Port.Files.Unpin(one + "/pin");
            Assert.Equal(HookNoticeKind.PinsRemoved, Await(notices).Kind);
            notices.FollowPins(machine.Ifindex, null);
            machine.Port.Files.RemoveDirectory(one);
            AssertSilent(machine, notices);
        })),
        new("What does not fit is dropped, and that is told", false, machine =>
        {
            machine.BringUp();
            Listening(machine, (first, notices) =>
            {
                for (var i = 0; i < MoreThanFits; i++)
                {
                    machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, AttachMode.Skb);
                    machine.Port.Hook.Swap(machine.Ifindex, null, HookExpectation.Holds(first), AttachMode.Skb);
                }

                var kinds = new List<HookNoticeKind>();
                while (notices.Next(TimeSpan.Zero, CancellationToken.None) is { } notice)
                    kinds.Add(notice.Kind);
                Assert.Contains(HookNoticeKind.Lost, kinds);
                Assert.InRange(kinds.Count, 2, 2 * MoreThanFits - 1);

                machine.Port.Hook.Swap(machine.Ifindex, first, HookExpectation.Empty, AttachMode.Skb);
                AwaitHook(machine, notices, machine.IdOf(first));
            });
        }),
        new("Where nothing is told a wait ends with its time or when it is cancelled", false, machine => Listening(machine, (_, notices) =>
        {
            Assert.Null(notices.Next(TimeSpan.Zero, CancellationToken.None));
            Assert.Null(notices.Next(TimeSpan.FromMilliseconds(20), CancellationToken.None));
            Assert.ThrowsAny<OperationCanceledException>(() => notices.Next(Timeout.InfiniteTimeSpan, new CancellationToken(canceled: true)));
        })),
    ];

    private static void Listening(ContractMachine machine, Action<ProgramFd, IHookSubscription> check)
    {
        using var program = machine.LoadXdp(name: "first");
        using var notices = machine.Port.Events.Subscribe("/sys/fs/bpf/xdp");
        check(program, notices);
    }

    private static HookNotice Await(IHookSubscription notices)
    {
        var notice = notices.Next(Patience, CancellationToken.None);
        Assert.NotNull(notice);
        return notice.Value;
    }

    // Other things of the interface may be told before.
    private static void AwaitHook(ContractMachine machine, IHookSubscription notices, ProgramId? program)
    {
        while (true)
        {
            var notice = Await(notices);
            if (notice == new HookNotice(HookNoticeKind.Changed, machine.Ifindex)
                && machine.Port.Hook.Read(machine.Ifindex)!.Attached.Select(attached => attached.ProgramId).SequenceEqual(program is { } id ? [id] : []))
                return;
        }
    }

    private static void AwaitState(ContractMachine machine, IHookSubscription notices, bool isUp)
    {
        while (Await(notices) != new HookNotice(HookNoticeKind.Changed, machine.Ifindex) || machine.Port.Hook.Read(machine.Ifindex)!.IsUp != isUp)
        {
        }
    }

    private static HookNotice AwaitGone(IHookSubscription notices, int ifindex)
    {
        while (true)
        {
            if (Await(notices) is { Kind: HookNoticeKind.Gone } notice && notice.Index == ifindex)
                return notice;
        }
    }

    private static void AssertSilent(ContractMachine machine, IHookSubscription notices)
    {
        var peer = machine.Port.Hook.Read(machine.Ifindex)!.Peer!.Value.Index;
        machine.SetPeerMtu(machine.Port.Hook.Read(peer)!.Mtu == 1400 ? 1401 : 1400);
        Assert.Equal(new HookNotice(HookNoticeKind.Changed, peer), Await(notices));
    }
}
