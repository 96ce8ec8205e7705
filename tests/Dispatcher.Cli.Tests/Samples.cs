using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;

namespace Dispatcher.Cli.Tests;

/// <summary>Answers of a machine, made up.</summary>
internal static class Samples
{
    public static ComponentStatus Firewall { get; } = new(
        0, new ProgramId(46), "xdp_firewall", new ProgramTag(0xa04f5eef06a7f555), 10, ChainCallActions.Default, false);

    public static ComponentStatus Ids { get; } = new(
        1, new ProgramId(47), "xdp_ids_with_a_rather_long_name", new ProgramTag(0x00b1e5eef06a7f55), 20,
        ChainCallActions.Of(XdpAction.Pass, XdpAction.Tx, XdpAction.Redirect), true);

    public static HookStatus Chain { get; } = new(
        "eth0", 2, AttachMode.Native,
        new ChainStatus(new ProgramId(45), new ProgramTag(0xd51e469e988d81da), DispatcherVersion.V2, false, [Firewall, Ids]), null);

    public static HookStatus OneProgram { get; } = new(
        "eth1", 3, AttachMode.Skb,
        new ChainStatus(
            new ProgramId(145), new ProgramTag(0x1e469e988d81dad5), DispatcherVersion.V3, true,
            [Ids with { Slot = 0, Id = new ProgramId(147), Actions = ChainCallActions.Of() }]), null);

    public static HookStatus Held { get; } = new(
        "eth2", 4, AttachMode.Native, null, new ForeignProgram(new ProgramId(12), "evil\x1b[31m", "it has no dispatcher marker"));

    public static HookStatus HeldByLink { get; } = Held with
    {
        Foreign = Held.Foreign! with
        {
            Holder = new ForeignHolder(
                HookAttachment.Link, new LinkId(7), ["/sys/fs/bpf/guard"], [new HolderProcess(812, "gu\u001bard"), new HolderProcess(813, "guard")],
                ["End process 812 'gu\\x1bard', 813 'guard', or stop its service: bpf_link 7 goes with its last holder.", "Remove the pin /sys/fs/bpf/guard, which keeps bpf_link 7."]),
        },
    };

    public static HookStatus Broken { get; } = new("eth3", 6, AttachMode.Native, null, null)
    {
        Broken = new BrokenChain(
            new ProgramId(99), new ProgramTag(0xd51e469e988d81da), DispatcherVersion.V2,
            [new LostSlot(0, 10, ChainCallActions.Default) { IsAlive = false }, new LostSlot(2, 50, ChainCallActions.Of()) { IsAlive = true }])
        {
            Programs = [Ids, Firewall with { Slot = 2, Priority = 50, Actions = ChainCallActions.Of() }],
        },
    };

    public static HookStatus Empty(string name, int index) => new(name, index, null, null, null);

    public static IReadOnlyList<HookStatus> Hooks { get; } = [Empty("lo", 1), Chain, OneProgram, Held, Empty("docker0", 5), Broken];

    public static ChangeResult Added { get; } = new(Empty("eth0", 2), Chain, [Firewall, Ids], 1);

    public static ChangeResult AddedWithNote { get; } = Added with
    {
        Notes = [new ChangeNote(ChangeNoteKind.FragsNotExpressible, "program 47 'xdp_ids' takes frags, which protocol version 1 cannot say: it runs without")],
    };

    public static ChangeResult Kept { get; } = new(Chain, Chain, [], 1)
    {
        Kept = [Firewall],
        Notes = [new ChangeNote(ChangeNoteKind.NothingToDo, $"'xdp_firewall' is in the chain already, and is kept: program {Firewall.Id}")],
    };

    public static ChangeResult Removed { get; } = new(Chain, Empty("eth0", 2), [Firewall, Ids], 3)
    {
        LostRaces = ["another application changed the hook (the swap ended in Mismatch)", "another application changed the hook (the swap ended in Mismatch)"],
    };

    public static ChangeResult Converted { get; } = new(
        Chain, Chain with { Chain = Chain.Chain! with { DispatcherId = new ProgramId(48), Version = DispatcherVersion.V3 } }, [], 1);

    public static ChangeResult ConvertedAlready { get; } = new(Chain, Chain, [], 1)
    {
        Notes = [new ChangeNote(ChangeNoteKind.NothingToDo, "the chain is of protocol version 2 already")],
    };

    public static IReadOnlyList<DoctorFinding> Findings { get; } =
    [
        new("bpf system call", DoctorVerdict.Ok, "Linux 6.1.0", null, null),
        new("EXT program load", DoctorVerdict.Failed, "refused", "EPERM (operation not permitted)", "boot a kernel that allows BPF_PROG_TYPE_EXT, or ask the owner of the host"),
        new("LIBXDP_BPFFS", DoctorVerdict.Warning, "/sys/fs/bpf is not mounted", "ENOENT (no such object)", "mount -t bpf bpf /sys/fs/bpf"),
    ];
}
