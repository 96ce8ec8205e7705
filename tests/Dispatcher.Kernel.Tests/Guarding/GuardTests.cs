using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Chain;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Guarding;

/// <summary>A guard against people with <c>ip link</c>, on a real kernel.</summary>
public sealed class GuardTests
{
    private const int MostAttempts = 3;

    [ExtFact]
    public async Task What_was_taken_off_comes_back_with_its_maps_and_a_brute_is_not_fought_for_ever()
    {
        using var chain = new ChainFixture();
        var options = new XdpGuardOptions { InterfaceName = chain.Interface, MostAttempts = MostAttempts, RetryDelay = TimeSpan.FromMilliseconds(10) };
        options.Programs.Add(ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall")));
        await using var reports = new XdpGuard(chain.One, options).RunAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal(GuardReportKind.Restored, await Next(reports));
        var first = (await chain.Read()).Chain!.Programs[0].Id;
        using (var found = (await chain.Other.FindAsync(chain.Interface, ComponentSelection.ById(first), Cancellation))!)
        using (var ports = found.OpenMap("blocked_ports"))
            ports.Write(0x00110035u, 42UL);

        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
        Assert.Equal(GuardReportKind.Restored, await Next(reports));
        var second = (await chain.Read()).Chain!.Programs.Single();
        Assert.Equal((first, "xdp_firewall", 10u), (second.Id, second.Name, second.Priority));
        using (var found = (await chain.Other.FindAsync(chain.Interface, ComponentSelection.ById(first), Cancellation))!)
        using (var ports = found.OpenMap("blocked_ports"))
            Assert.True(ports.TryRead(0x00110035u, out ulong hits) && hits == 42);

        chain.Link("xdpdrv", "off");
        Assert.Equal(GuardReportKind.Restored, await Next(reports));
        Assert.Equal(["xdp_firewall"], await chain.Names());

        chain.Link("xdpdrv", "off");
        Assert.Equal(GuardReportKind.GaveUp, await Next(reports));
        Assert.False(await reports.MoveNextAsync());
        Assert.True((await chain.Read()).IsEmpty);
        await chain.One.CleanAsync(new CleanOptions { InterfaceName = chain.Interface }, Cancellation);
    }

    [ExtFact]
    public async Task A_stranger_keeps_the_hook_and_others_keep_their_places()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.Other, Returning("guest", XdpAction.Pass, 5));
        var options = new XdpGuardOptions { InterfaceName = chain.Interface, Policy = GuardPolicy.WhenMissing };
        options.Programs.Add(Returning("guarded", XdpAction.Pass, 7));
        await using var reports = new XdpGuard(chain.One, options).RunAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(GuardReportKind.Restored, await Next(reports));
        Assert.Equal(["guest", "guarded"], await chain.Names());

        chain.AttachForeign("xdpdrv", "-force");
        Assert.Equal(GuardReportKind.Blocked, await Next(reports));
        Assert.NotNull((await chain.Read()).Foreign);
        chain.Link("xdpdrv", "off");
        Assert.Equal(GuardReportKind.Restored, await Next(reports));
        Assert.Equal(["guarded"], await chain.Names());
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    public async Task A_program_that_runs_already_is_told_when_it_is_another_build_and_only_then()
    {
        using var chain = new ChainFixture();
        var firewall = ComponentProgram.FromElfFile(ComponentObject.PathOf("firewall"));
        await chain.Attach(chain.Other, firewall);
        await chain.Attach(chain.Other, Returning("other", XdpAction.Drop, 90));
        var options = new XdpGuardOptions { InterfaceName = chain.Interface };
        options.Programs.Add(firewall);
        options.Programs.Add(Returning("other", XdpAction.Pass));
        await using var reports = new XdpGuard(chain.One, options).RunAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal(GuardReportKind.AnotherBuild, await Next(reports));
        Assert.Equal(["other"], reports.Current.Programs);
        Assert.Equal(GuardReportKind.InPlace, await Next(reports));
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Builds_of_a_program_with_tail_calls_are_told_apart_too(bool isAnother)
    {
        using var chain = new ChainFixture();
        var caller = ComponentProgram.FromElfFile(ComponentObject.PathOf("tail_call"));
        await chain.One.AttachAsync(
            chain.Interface, [isAnother ? Returning(caller.Name, XdpAction.Pass) : caller], new AttachOptions { MapPinFolder = chain.PathOf("maps") }, Cancellation);
        var options = new XdpGuardOptions { InterfaceName = chain.Interface };
        options.Programs.Add(caller);
        await using var reports = new XdpGuard(chain.One, options).RunAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        if (isAnother)
            Assert.Equal(GuardReportKind.AnotherBuild, await Next(reports));
        Assert.Equal(GuardReportKind.InPlace, await Next(reports));
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    public async Task What_lost_its_pins_and_died_comes_back_as_the_same_program()
    {
        using var chain = new ChainFixture();
        var options = new XdpGuardOptions { InterfaceName = chain.Interface, LookInterval = TimeSpan.FromDays(1) };
        options.Programs.Add(Returning("guarded", XdpAction.Drop));
        await using var reports = new XdpGuard(chain.One, options).RunAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(GuardReportKind.Restored, await Next(reports));
        var hook = await chain.Read();
        var before = hook.Chain!;

        PinnedDirectory.Remove(LinuxKernel.Open().Files, new PinPaths(chain.BpfFsPath).DirectoryOf(hook.InterfaceIndex, before.DispatcherId));

        // The kernel frees the link a little after its pin: until then it runs, and may be pinned elsewhere.
        var report = await Next(reports);
        while (report == GuardReportKind.Blocked)
            report = await Next(reports);
        Assert.Equal(GuardReportKind.Mended, report);
        Assert.Equal(GuardReportKind.Restored, await Next(reports));

        Assert.Equal(before.Programs[0].Id, (await chain.Read()).Chain!.Programs.Single().Id);
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    public async Task An_interface_that_comes_and_goes_is_guarded_each_time_and_leaves_no_pins()
    {
        using var chain = new ChainFixture();
        var options = new XdpGuardOptions { InterfaceName = chain.Interface, MostAttempts = MostAttempts };
        options.Programs.Add(Returning("guarded", XdpAction.Drop));
        await using var reports = new XdpGuard(chain.One, options).RunAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(GuardReportKind.Restored, await Next(reports));
        for (var round = 0; round <= MostAttempts; round++)
        {
            Assert.Single(chain.Pins, IsChain);
            Tool.Run("ip", "link", "del", chain.Interface).OrFail();
            Assert.Equal(GuardReportKind.Blocked, await Next(reports));
            Assert.DoesNotContain(chain.Pins, IsChain);

            Tool.Run("ip", "link", "add", chain.Interface, "type", "veth", "peer", "name", chain.Pair.Right.Name).OrFail();
            Assert.Equal(GuardReportKind.Restored, await Next(reports));
            Assert.Equal(XdpAction.Drop, await chain.Verdict());
        }

        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
    }

    private static bool IsChain(string pin) => Path.GetFileName(pin).StartsWith("dispatch-", StringComparison.Ordinal);

    private static async Task<GuardReportKind> Next(IAsyncEnumerator<GuardReport> reports)
    {
        Assert.True(await reports.MoveNextAsync());
        return reports.Current.Kind;
    }
}
