using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>Plans of one change on several interfaces.</summary>
public sealed class BatchPlanTests
{
    private readonly World _world = new();
    private readonly ImmutableArray<SimInterface> _nics;

    public BatchPlanTests()
    {
        _nics = [_world.Nic, .. Enumerable.Range(1, 3).Select(number => _world.Kernel.Network.Add($"eth{number}"))];
    }

    private ImmutableArray<string> Names => [.. _nics.Select(nic => nic.Name)];

    [Fact]
    public async Task A_plan_for_all_of_them_verifies_once_and_says_where_it_would_be_refused()
    {
        _world.Start().Attach(Component("there", 5));
        var stranger = _world.Kernel.StartProcess("stranger");
        using var theirs = LoadPlain(stranger);
        stranger.ForceHook(_nics[2], theirs);
        var (before, host, loads) = (SimCensus.Take(_world.Kernel), _world.Start(), 0);
        _world.BeforeEach(host, nameof(IBpf.LoadProgram), _ => loads++);

        var plans = await host.Library.PlanForAllAsync([.. Names, "eth9", NicName], new AttachRequest([Component("new", 10)]), TestContext.Current.CancellationToken);

        Assert.Equal([.. Names, "eth9"], plans.Select(plan => plan.InterfaceName));
        Assert.Equal(["there", "new"], plans[0].Preview!.After!.Programs.Select(program => program.Name));
        Assert.All([plans[1], plans[3]], plan => Assert.Equal("new", Assert.Single(plan.Preview!.After!.Programs).Name));
        Assert.IsType<ForeignProgramException>(plans[2].Refusal);
        Assert.IsType<NotFoundException>(plans[4].Refusal);
        Assert.Equal(3, loads); // the component, and a dispatcher for each of two different chains
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }
}
