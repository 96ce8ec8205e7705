using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>Dead pins and broken chains, on the running kernel.</summary>
public sealed class CleaningTests
{
    private static readonly Version FirstToTellTargets = new(5, 13);
    private readonly KernelPort _port = LinuxKernel.Open();

    [ExtFact]
    [Rule("P-166", "P-167")]
    public async Task What_a_dead_process_pinned_goes_with_the_next_change_and_a_live_chain_stays()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("alive", XdpAction.Drop, priority: 10));
        Abandon(await chain.Read(), chain);
        Assert.Equal(2, Directories(chain).Length);

        await chain.Attach(chain.Other, Returning("next", XdpAction.Pass, priority: 20));

        Assert.Single(Directories(chain));
        Assert.Equal(["alive", "next"], await chain.Names());
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    public async Task On_a_file_system_that_is_read_only_a_chain_is_read_by_its_links()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("first", XdpAction.Pass, priority: 10), Returning("second", XdpAction.Drop, priority: 20));
        var before = await chain.Read();
        Tool.Run("mount", "-o", "remount,ro", chain.BpfFsPath).OrFail();
        try
        {
            var reading = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = chain.BpfFsPath }).GetStatusAsync(chain.Interface, Cancellation);
            if (Environment.OSVersion.Version >= FirstToTellTargets)
                Assert.Equal(before.Chain!.Programs, (await reading).Chain!.Programs);
            else
                Assert.Equal(Errno.EROFS, (await Assert.ThrowsAsync<KernelException>(() => reading)).Errno);
        }
        finally
        {
            Tool.Run("mount", "-o", "remount,rw", chain.BpfFsPath).OrFail();
        }

        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    [Rule("P-162", "P-166")]
    public async Task Clean_tells_dead_pins_from_those_of_a_process_that_will_attach()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("alive", XdpAction.Pass));
        var before = await chain.Read();
        using (Pinned(before, chain))
        {
            var held = await chain.Other.CleanAsync(cancellationToken: Cancellation);
            Assert.All(held.Directories, found => Assert.Equal(SweepVerdict.Kept, found.Verdict));
            Assert.Contains(held.Directories, found => found.Reason.Contains($"process {Environment.ProcessId} ", StringComparison.Ordinal));
            Assert.Contains(held.Directories, found => found.Reason.EndsWith($"runs on {chain.Interface}", StringComparison.Ordinal));
        }

        var cleaned = await chain.Other.CleanAsync(cancellationToken: Cancellation);

        Assert.Equal([SweepVerdict.Kept, SweepVerdict.Removed], cleaned.Directories.Select(found => found.Verdict).Order().Reverse());
        Assert.Equal(before.Chain!.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    [Rule("P-171", "P-172", "P-174")]
    public async Task A_chain_whose_pins_were_removed_is_mended_from_links_that_are_alive()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("first", XdpAction.Pass, priority: 10), Returning("second", XdpAction.Drop, priority: 20));
        var before = await chain.Read();
        var directory = Directory(before, chain);
        using (_port.Files.OpenLink(PinPaths.LinkPin(directory, 0)))
        using (_port.Files.OpenLink(PinPaths.LinkPin(directory, 1)))
        {
            PinnedDirectory.Remove(_port.Files, directory);
            var broken = (await chain.Read()).Broken!;
            Assert.Equal([0, 1], broken.LostSlots.Select(lost => lost.Slot));
            Assert.Equal(broken.CanBeMended ? before.Chain!.Programs : [], broken.Programs.AsEnumerable());
            await Assert.ThrowsAsync<BrokenChainException>(() => chain.Attach(chain.One, Returning("third", XdpAction.Pass)));

            var repair = Assert.Single((await chain.Other.CleanAsync(new CleanOptions { Repair = true }, Cancellation)).Chains);

            if (Environment.OSVersion.Version < FirstToTellTargets)
            {
                Assert.Equal(RepairVerdict.Refused, repair.Verdict);
                Assert.Contains("Linux 5.13 does", repair.Reason, StringComparison.Ordinal);
                Tool.Run("ip", "link", "set", "dev", chain.Interface, "xdp", "off").OrFail();
                return;
            }
        }

        var after = await chain.Read();
        Assert.Equal(before.Chain!.DispatcherId, after.Chain!.DispatcherId);
        Assert.Equal(before.Chain.Programs, after.Chain.Programs);
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    [Rule("P-173")]
    public async Task A_component_whose_link_died_leaves_a_chain_that_is_mended()
    {
        if (Environment.OSVersion.Version < FirstToTellTargets)
            return;
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("first", XdpAction.Drop, priority: 10), Returning("second", XdpAction.Pass, priority: 20));
        var directory = Directory(await chain.Read(), chain);
        _port.Files.Unpin(PinPaths.LinkPin(directory, 0));

        // The kernel frees the link a little after its pin.
        ChainRepair repair;
        do
            repair = Assert.Single((await chain.Other.CleanAsync(new CleanOptions { Repair = true, DryRun = true }, Cancellation)).Chains);
        while (repair.Lost.IsEmpty);
        await chain.Other.CleanAsync(new CleanOptions { Repair = true }, Cancellation);

        Assert.Equal([0], repair.Lost.Select(lost => lost.Slot));
        Assert.Equal(["second"], await chain.Names());
        Assert.Equal(XdpAction.Pass, await chain.Verdict());
        Assert.Single(Directories(chain));
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    private static ImmutableArray<string> Directories(ChainFixture chain) => [.. chain.Pins.Where(pin => pin.Contains("dispatch-", StringComparison.Ordinal) && !pin.Contains("/prog", StringComparison.Ordinal))];

    private static string Directory(HookStatus status, ChainFixture chain) =>
        new PinPaths(chain.BpfFsPath).DirectoryOf(status.InterfaceIndex, status.Chain!.DispatcherId);

    // As a process that dies between its pins and its swap leaves them.
    private void Abandon(HookStatus status, ChainFixture chain) => Pinned(status, chain).Dispose();

    private Revision Pinned(HookStatus status, ChainFixture chain)
    {
        var nic = _port.Hook.Read(status.InterfaceIndex)!;
        using var verified = new ComponentVerifier(_port).LoadAll([Returning("lost", XdpAction.Pass)], null, nic);
        var newcomer = verified.Components[0];
        var plan = ChainPlanner.Attach(null, [newcomer.ToPlanned()], new AttachOptions());
        var revision = Revision.Build(_port, plan, nic, _ => newcomer.Program, verified.Spare);
        using var pins = new RevisionPins(_port.Files, revision, _ => newcomer.Program, failure => Assert.Fail(failure.Message));
        Assert.True(pins.TryPin(new PinPaths(chain.BpfFsPath).DirectoryOf(status.InterfaceIndex, revision.Info.Id)));
        pins.Keep();
        return revision;
    }
}
