using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>One change on several interfaces, on a real kernel.</summary>
public sealed class BatchTests
{
    [ExtFact]
    [Trait("Kernel", "Every")]
    [Rule("P-088")]
    public async Task Interfaces_share_a_dispatcher_until_one_of_them_changes()
    {
        using var chain = new ChainFixture();
        using var more = new VethPair();
        string[] names = [chain.Pair.Left.Name, chain.Pair.Right.Name, more.Left.Name, more.Right.Name];
        var before = CountPrograms();

        var loaded = await chain.One.ApplyToAllAsync(
            names, new AttachRequest([Returning("a", XdpAction.Pass, 10), Returning("b", XdpAction.Drop, 20)]), cancellationToken: Cancellation);

        Assert.True(loaded.Succeeded, loaded.FirstFailure?.Message);
        Assert.Equal(before + 3, CountPrograms());
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
        await chain.Attach(chain.Other, Returning("c", XdpAction.Tx, 5));
        Assert.Equal(["c", "a", "b"], await chain.Names());
        var others = names[1..];
        Assert.All(await Statuses(chain, others), status => Assert.Equal(["a", "b"], status.Chain!.Programs.Select(program => program.Name)));

        var changed = await chain.Other.ApplyToAllAsync(names, new ReplaceRequest(ComponentSelection.ByName("b"), Returning("b2", XdpAction.Pass)), cancellationToken: Cancellation);
        Assert.True(changed.Succeeded, changed.FirstFailure?.Message);
        Assert.Equal(2, changed.Interfaces.Select(outcome => outcome.Result!.After.Chain!.DispatcherId).Distinct().Count());

        Assert.True((await chain.One.ApplyToAllAsync(names, new DetachRequest(ComponentSelection.All), cancellationToken: Cancellation)).Succeeded);
        Assert.All(await Statuses(chain, names), status => Assert.True(status.IsEmpty));
        Assert.Equal(["xdp"], chain.Pins);
    }

    [ExtFact]
    public async Task What_was_changed_is_put_back_with_the_same_programs_when_a_later_interface_fails()
    {
        using var chain = new ChainFixture();
        using var more = new VethPair();
        string[] names = [chain.Pair.Left.Name, chain.Pair.Right.Name, more.Left.Name];
        await chain.One.ApplyToAllAsync(names, new AttachRequest([Returning("a", XdpAction.Pass, 10)]), cancellationToken: Cancellation);
        var before = await Statuses(chain, names);
        var fails = new BatchOptions { Progress = new Saboteur(names[1], () => more.Left.Run("ip", "link", "set", "dev", more.Left.Name, "xdpdrv", "off").OrFail()) };

        var result = await chain.One.ApplyToAllAsync(names, new SetPolicyRequest(ComponentSelection.ByName("a"), new PolicyChange(30)), fails, Cancellation);

        Assert.Equal([InterfaceOutcomeKind.Undone, InterfaceOutcomeKind.Undone, InterfaceOutcomeKind.Failed], result.Interfaces.Select(outcome => outcome.Kind));
        Assert.IsType<NotFoundException>(result.FirstFailure);
        var after = await Statuses(chain, names);
        Assert.Equal(before[..2].Select(status => status.Chain!.DispatcherId), after[..2].Select(status => status.Chain!.DispatcherId));
        Assert.All(after[..2], status => Assert.Equal(10u, status.Chain!.Programs.Single().Priority));
        await chain.One.ApplyToAllAsync(names[..2], new DetachRequest(ComponentSelection.All), cancellationToken: Cancellation);
        await chain.One.CleanAsync(cancellationToken: Cancellation);
    }

    private static int CountPrograms()
    {
        var bpf = LinuxKernel.Open().Bpf;
        var count = 0;
        for (var id = bpf.NextProgram(null); id is not null; id = bpf.NextProgram(id))
            count++;
        return count;
    }

    private static async Task<HookStatus[]> Statuses(ChainFixture chain, string[] names) =>
        await Task.WhenAll(names.Select(name => chain.One.GetStatusAsync(name, Cancellation)));

    /// <summary>Does something as soon as one interface is changed.</summary>
    private sealed class Saboteur(string name, Action deed) : IProgress<InterfaceOutcome>
    {
        public void Report(InterfaceOutcome value)
        {
            if (value.InterfaceName == name && value.Kind == InterfaceOutcomeKind.Changed)
                deed();
        }
    }
}
