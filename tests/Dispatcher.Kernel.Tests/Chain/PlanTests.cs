using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>What a plan says is what the kernel then holds.</summary>
public sealed class PlanTests
{
    private const int Rounds = 40;

    [ExtFact]
    public async Task The_plan_equals_what_is_read_after_the_change_over_random_chains()
    {
        using var chain = new ChainFixture();
        var random = new Random(11);
        var changed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var before = await chain.Read();
            var request = RandomChanges.Next(random, before);
            ChangePreview plan;
            try
            {
                plan = await chain.One.PlanAsync(chain.Interface, request, Cancellation);
            }
            catch (RefusedException refused)
            {
                Assert.Equal(refused.Message, (await Assert.ThrowsAsync<RefusedException>(() => chain.Other.ApplyAsync(chain.Interface, request, Cancellation))).Message);
                continue;
            }

            Assert.Equal(before.Chain?.DispatcherId, (await chain.Read()).Chain?.DispatcherId);
            await chain.Other.ApplyAsync(chain.Interface, request, Cancellation);
            Assert.Equal(RandomChanges.Describe(plan), RandomChanges.Describe(await chain.Read()));
            changed++;
        }

        Assert.InRange(changed, Rounds / 2, Rounds);
    }

    [ExtFact]
    public async Task A_verdict_ends_where_the_plan_says()
    {
        using var chain = new ChainFixture();
        ComponentProgram[] programs =
        [
            Returning("first", XdpAction.Tx, 1) with { Actions = ChainCallActions.Of(XdpAction.Tx) },
            Returning("last", XdpAction.Drop, 2) with { Actions = ChainCallActions.Of(XdpAction.Drop) },
        ];
        var plan = await chain.One.PlanAsync(chain.Interface, new AttachRequest(programs), Cancellation);
        Assert.True((await chain.Read()).IsEmpty);
        await chain.Attach(chain.One, programs);

        Assert.Null(plan.After!.VerdictAfter(0, XdpAction.Tx));
        Assert.Equal(XdpAction.Pass, plan.After.VerdictAfter(1, XdpAction.Drop));
        Assert.Equal(XdpAction.Pass, await chain.Verdict());
    }
}
