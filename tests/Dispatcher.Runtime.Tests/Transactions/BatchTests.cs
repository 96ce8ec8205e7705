using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>One change on several interfaces.</summary>
public sealed class BatchTests
{
    private const int Count = 4;
    private static readonly byte[] Packet = new byte[64];

    private readonly World _world = new();
    private readonly ImmutableArray<SimInterface> _nics;

    public BatchTests()
    {
        _nics = [_world.Nic, .. Enumerable.Range(1, Count - 1).Select(number => _world.Kernel.Network.Add($"eth{number}"))];
    }

    private ImmutableArray<string> Names => [.. _nics.Select(nic => nic.Name)];

    [Fact]
    public void All_interfaces_share_one_dispatcher_and_one_set_of_components()
    {
        var host = _world.Start();

        var result = Apply(host, new AttachRequest([Component("a", 10), Component("b", 20)]));

        Assert.True(result.Succeeded);
        Assert.Equal(Names, result.Interfaces.Select(outcome => outcome.InterfaceName));
        Assert.All(result.Interfaces, outcome => Assert.Equal(InterfaceOutcomeKind.Changed, outcome.Kind));
        Assert.Single(_nics.Select(nic => nic.Occupant!.Program.Id).Distinct());
        AssertCarry("a", "b");
        AssertObjects(programs: 3, links: 2);
        Assert.Equal(Count, _world.Directories().Length);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_program_that_is_on_some_of_them_is_kept_there_and_joins_the_others_once_its_maps_are_full()
    {
        _world.Start().Attach(Component("counter", 33));
        var (host, fillings) = (_world.Start(), 0);
        var counter = ElfComponentTests.FromElf("counter") with { FillMaps = _ => fillings++ };
        var request = new AttachRequest([counter], new AttachOptions { IfPresent = PresentProgram.Keep });

        var result = Apply(host, request);

        Assert.True(result.Succeeded);
        Assert.Equal([1, 0, 0, 0], result.Interfaces.Select(outcome => outcome.Result!.Kept.Length));
        Assert.Equal([0, 1, 1, 1], result.Interfaces.Select(outcome => outcome.Result!.Programs.Length));
        AssertCarry("counter");
        Assert.All(Apply(host, request).Interfaces, outcome => Assert.Equal(ChangeNoteKind.NothingToDo, Assert.Single(outcome.Result!.Notes).Kind));
        Assert.Equal(1, fillings);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void What_dead_processes_left_is_swept_once_for_all_of_them()
    {
        foreach (var nic in (SimInterface[])[_nics[0], _nics[2]])
        {
            var died = _world.Start();
            _world.Before(died, nameof(IXdpHook.Swap), call => call.Crash());
            Assert.Throws<ProcessDiedException>(() => died.Library.Apply(nic.Name, new AttachRequest([Component("lost")]), CancellationToken.None));
        }

        _world.Kernel.OnCall = null;
        _world.Kernel.Settle();
        Assert.Equal(2, _world.Directories().Length);
        var (host, lists) = (_world.Start(), 0);
        _world.BeforeEach(host, nameof(IBpfFs.List), call => lists += call.Arguments == PinRoot ? 1 : 0);

        Apply(host, new AttachRequest([Component("a")]));

        Assert.Equal(1, lists);
        AssertCarry("a");
        Assert.Equal(Count, _world.Directories().Length);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_change_of_one_interface_concerns_that_one_only()
    {
        Apply(_world.Start(), new AttachRequest([Component("a", 10), Component("b", 20)]));

        var host = _world.Start();
        host.Attach(Component("c", 30));
        host.Detach(ComponentSelection.ByName("a"));

        Assert.Equal(["b", "c"], _world.Run());
        Assert.All(_nics[1..], nic => Assert.Equal(["a", "b"], Run(nic)));
        host.Detach(ComponentSelection.All);
        Assert.All(_nics[1..], nic => Assert.Equal(["a", "b"], Run(nic)));
        _world.Kernel.Settle();
        AssertObjects(programs: 3, links: 2);
    }

    [Fact]
    public void A_shared_chain_is_changed_and_removed_as_one()
    {
        Apply(_world.Start(), new AttachRequest([Component("a", 10), Component("b", 20)]));
        var host = _world.Start();

        Assert.True(Apply(host, new AttachRequest([Component("c", 30)])).Succeeded);
        AssertCarry("a", "b", "c");
        AssertObjects(programs: 4, links: 3);
        Assert.True(Apply(host, new ReplaceRequest(ComponentSelection.ByName("b"), Component("b2"))).Succeeded);
        AssertCarry("a", "b2", "c");
        Assert.True(Apply(host, new SetPolicyRequest(ComponentSelection.ByName("a"), new PolicyChange(90))).Succeeded);
        AssertCarry("b2", "c", "a");
        Assert.True(Apply(host, new ConvertRequest(DispatcherVersion.V3)).Succeeded);
        AssertObjects(programs: 4, links: 3);
        Assert.True(Apply(host, new DetachRequest(ComponentSelection.All)).Succeeded);

        Assert.All(_nics, nic => Assert.Null(nic.Occupant));
        _world.Kernel.Settle();
        AssertObjects(programs: 0, links: 0);
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void What_can_be_refused_is_refused_before_the_first_interface_is_changed()
    {
        Apply(_world.Start(), new AttachRequest([Component("a", 10), Component("b", 20)]));
        Occupy(_world.Kernel.Network.Add("foreign"));
        _world.Start().Library.Apply(_nics[3].Name, new DetachRequest(ComponentSelection.ByName("b")), CancellationToken.None);
        var host = _world.Start();
        var swaps = 0;
        _world.BeforeEach(host, nameof(IXdpHook.Swap), _ => swaps++);
        var onB = ComponentSelection.ByName("b");
        foreach (var request in (ChangeRequest[])[new DetachRequest(onB), new SetPolicyRequest(onB, new PolicyChange(5)), new ReplaceRequest(onB, Component("b2"))])
        {
            var result = Apply(host, request);
            Assert.IsType<NotFoundException>(result.FirstFailure);
            Assert.Equal(Count - 1, result.Interfaces.Count(outcome => outcome.Kind == InterfaceOutcomeKind.NotTried));
        }

        foreach (var request in (ChangeRequest[])[new ConvertRequest(DispatcherVersion.V3), new DetachRequest(ComponentSelection.All)])
            Assert.IsType<ForeignProgramException>(host.Library.ApplyToAll([.. Names, "foreign"], request, new BatchOptions(), CancellationToken.None).FirstFailure);

        Assert.Equal(0, swaps);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void What_stands_in_the_way_of_a_program_that_goes_is_named_for_each_of_them()
    {
        foreach (var nic in _nics[..2])
            _world.Start().Library.Apply(nic.Name, new AttachRequest([Component("a")]), CancellationToken.None);
        _world.Start().Library.ApplyToAll(Names[2..], new AttachRequest([Component("a")]), new BatchOptions(), CancellationToken.None);
        var options = new ReplaceOptions { MapsByName = new ReplaceOptions().MapsByName.Add("ports", MapHandling.Reuse) };

        var result = Apply(_world.Start(), new ReplaceRequest(ComponentSelection.ByName("a"), Component("a"), options));

        // The third and those after it share one program, and one answer.
        Assert.Equal(_nics[..3].Select(nic => nic.Name), result.Interfaces.Where(outcome => outcome.Failure is RefusedException).Select(outcome => outcome.InterfaceName));
        Assert.All(result.Interfaces[3..], outcome => Assert.Equal(InterfaceOutcomeKind.NotTried, outcome.Kind));
    }

    [Fact]
    public void Chains_that_differ_keep_what_they_have()
    {
        _world.Prepare(Component("own", 5));
        var host = _world.Start();

        Assert.True(Apply(host, new AttachRequest([Component("a", 10)])).Succeeded);

        Assert.Equal(["own", "a"], _world.Run());
        Assert.All(_nics[1..], nic => Assert.Equal(["a"], Run(nic)));
        Assert.Equal(2, _nics.Select(nic => nic.Occupant!.Program.Id).Distinct().Count());
        Assert.Single(_nics.Select(nic => host.Library.GetStatusAsync(nic.Name).GetAwaiter().GetResult().Chain!.Programs.First(program => program.Name == "a").Id).Distinct());
    }

    [Fact]
    public void A_component_of_several_programs_is_replaced_on_each()
    {
        foreach (var nic in _nics)
            _world.Start().Library.Apply(nic.Name, new AttachRequest([Component("a", 10)]), CancellationToken.None);
        _world.Kernel.Settle();

        Assert.True(Apply(_world.Start(), new ReplaceRequest(ComponentSelection.ByName("a"), Component("a2"))).Succeeded);

        AssertCarry("a2");
    }

    [Fact]
    public void All_that_stands_in_the_way_is_named_before_the_first_interface_changes()
    {
        using var stranger = Occupy(_nics[0]);
        using var another = Occupy(_nics[^1]);
        var host = _world.Start();
        var swaps = 0;
        _world.Kernel.OnCall = call => swaps += call.Operation == nameof(IXdpHook.Swap) ? 1 : 0;

        var result = Apply(host, new AttachRequest([Component("a", 10)]));

        Assert.False(result.Succeeded);
        Assert.IsType<ForeignProgramException>(result.FirstFailure);
        Assert.Equal(
            [InterfaceOutcomeKind.Failed, .. Enumerable.Repeat(InterfaceOutcomeKind.NotTried, Count - 2), InterfaceOutcomeKind.Failed],
            result.Interfaces.Select(outcome => outcome.Kind));
        Assert.Equal(0, swaps);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void When_asked_it_keeps_going_past_a_failure()
    {
        using var stranger = Occupy(_nics[1]);
        var told = new List<InterfaceOutcome>();
        var host = _world.Start();

        var result = Apply(host, new AttachRequest([Component("a", 10)]), BatchFailurePolicy.KeepGoing, new Told(told));

        Assert.False(result.Succeeded);
        Assert.Equal(InterfaceOutcomeKind.Failed, result.Interfaces[1].Kind);
        Assert.All((int[])[0, 2, 3], place => Assert.Equal(InterfaceOutcomeKind.Changed, result.Interfaces[place].Kind));
        Assert.Equal(result.Interfaces.OrderBy(outcome => outcome.InterfaceName), told.OrderBy(outcome => outcome.InterfaceName));
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_halfway_puts_back_the_same_dispatchers(bool isFirstAttach)
    {
        if (!isFirstAttach)
            Apply(_world.Start(), new AttachRequest([Component("a", 10), Component("b", 20)]));
        _world.Kernel.Settle();
        var before = SimCensus.Take(_world.Kernel).Remove($"{PinRoot}/");
        var host = _world.Start();
        ProgramFd? stranger = null;
        _world.Before(host, nameof(IXdpHook.Swap), _ => stranger = Occupy(_nics[2]), skip: 2);

        var result = Apply(host, new AttachRequest([Component("c", 30)]));

        Assert.Equal(
            [InterfaceOutcomeKind.Undone, InterfaceOutcomeKind.Undone, InterfaceOutcomeKind.Failed, InterfaceOutcomeKind.NotTried],
            result.Interfaces.Select(outcome => outcome.Kind));
        _world.Kernel.StartProcess().ForceHook(_nics[2], null);
        stranger!.Dispose();
        _world.Kernel.Settle();
        ChainCheck.AssertNothingHeld(host);
        Assert.All((int[])[0, 1, 3], place => Assert.Equal(isFirstAttach ? [] : ["a", "b"], Run(_nics[place])));
        // What the stranger took is gone; all the rest is what it was, to the id.
        string Taken(string line) => line.Replace($"{_nics[2]} ", "", StringComparison.Ordinal);
        Assert.Equal(before.Where(line => line == Taken(line)), SimCensus.Take(_world.Kernel).Remove($"{PinRoot}/"));
    }

    [Fact]
    public void What_somebody_changed_since_is_not_put_back()
    {
        var host = _world.Start();
        ProgramFd? stranger = null;
        _world.Before(
            host, nameof(IBpfFs.TryLock),
            _ =>
            {
                _world.Start().Attach(Component("theirs", 20));
                stranger = Occupy(_nics[2]);
            },
            skip: 2);

        var result = Apply(host, new AttachRequest([Component("a", 10)]));

        Assert.Equal(
            [InterfaceOutcomeKind.NotUndone, InterfaceOutcomeKind.Undone, InterfaceOutcomeKind.Failed, InterfaceOutcomeKind.NotTried],
            result.Interfaces.Select(outcome => outcome.Kind));
        Assert.Equal(["a", "theirs"], _world.Run());
        Assert.Null(_nics[1].Occupant);
        stranger!.Dispose();
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void Cancelling_halfway_puts_back_what_was_changed()
    {
        using var cancel = new CancellationTokenSource();
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => cancel.Cancel(), skip: 1);

        Assert.Throws<OperationCanceledException>(
            () => host.Library.ApplyToAll(Names, new AttachRequest([Component("a", 10)]), new BatchOptions(), cancel.Token));

        Assert.All(_nics, nic => Assert.Null(nic.Occupant));
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_swap_back_whose_answer_is_lost_is_done_and_its_pins_stay()
    {
        Apply(_world.Start(), new AttachRequest([Component("a", 10)]));
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), call => call.FailWith(KernelErrno.ENOMEM), skip: 1);
        var swaps = 0;
        _world.Kernel.OnSwapped = call =>
        {
            if (call.Process == host.Process && ++swaps == 2)
                call.FailWith(KernelErrno.ENOMEM);
        };

        var result = Apply(host, new AttachRequest([Component("c", 30)]));

        Assert.Equal(InterfaceOutcomeKind.Undone, result.Interfaces[0].Kind);
        AssertCarry("a");
        Assert.Equal(_nics.Select(nic => $"dispatch-{nic.Index}-{nic.Occupant!.Program.Id}").Order(StringComparer.Ordinal), _world.Directories());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rule("P-152")]
    public void Whenever_it_dies_every_interface_carries_a_whole_chain_and_one_clean_up_or_change_leaves_nothing(bool isChange)
    {
        var calls = CallsOf(new BatchTests());
        Assert.InRange(calls, 50, 1_000);
        for (var index = 0; index < calls; index++)
        {
            var fresh = new BatchTests();
            fresh.Arrange();
            var host = fresh._world.Start("victim");
            fresh._world.BeforeCall(host, index, call => call.Crash());

            Assert.Throws<ProcessDiedException>(() => fresh.Make(host));

            fresh._world.Kernel.Settle();
            foreach (var nic in fresh._nics)
            {
                var run = fresh._world.Kernel.Receive(nic, Packet);
                Assert.Equal(0, run.BypassedSlots);
                Assert.True(run.Names is ["a", "b"] or ["a", "b", "c"], string.Join(' ', run.Names));
            }

            var next = fresh._world.Start("next");
            if (isChange)
                Assert.True(fresh.Apply(next, new AttachRequest([Component("d", 40)])).Succeeded);
            else
                next.Clean();
            fresh._world.Kernel.Settle();
            Assert.Equal(fresh._nics.Select(nic => $"dispatch-{nic.Index}-{nic.Occupant!.Program.Id}").Order(StringComparer.Ordinal), fresh._world.Directories());
        }
    }

    private static int CallsOf(BatchTests test)
    {
        test.Arrange();
        var host = test._world.Start();
        return Cuts.CountCalls(host, () => test.Make(host));
    }

    private void Arrange()
    {
        Apply(_world.Start(), new AttachRequest([Component("a", 10), Component("b", 20)]));
        _world.Kernel.Settle();
    }

    private void Make(Host host) => Apply(host, new AttachRequest([Component("c", 30)]));

    private BatchResult Apply(
        Host host, ChangeRequest request, BatchFailurePolicy onFailure = BatchFailurePolicy.Undo, IProgress<InterfaceOutcome>? progress = null) =>
        host.Library.ApplyToAll(Names, request, new BatchOptions { OnFailure = onFailure, Progress = progress }, CancellationToken.None);

    private ProgramFd Occupy(SimInterface nic)
    {
        var process = _world.Kernel.StartProcess("stranger");
        var program = LoadPlain(process);
        process.ForceHook(nic, program);
        return program;
    }

    private ImmutableArray<string> Run(SimInterface nic) => _world.Kernel.Receive(nic, Packet).Names;

    private void AssertCarry(params ReadOnlySpan<string> names)
    {
        foreach (var nic in _nics)
            Assert.Equal(names.ToArray(), Run(nic));
    }

    private void AssertObjects(int programs, int links)
    {
        Assert.Equal(programs, _world.Kernel.Programs.All.Length);
        Assert.Equal(links, _world.Kernel.Links.All.Length);
    }

    private sealed class Told(List<InterfaceOutcome> told) : IProgress<InterfaceOutcome>
    {
        public void Report(InterfaceOutcome value) => told.Add(value);
    }
}
