using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

public sealed class DetachTests
{
    private readonly World _world = new();

    [Fact]
    [Rule("P-133")]
    public void Detaches_by_id_from_any_place()
    {
        _world.Prepare(Component("a", 10), Component("b", 20), Component("c", 30));
        var host = _world.Start();
        var middle = host.Status().Chain!.Programs[1];

        var result = host.Detach(ComponentSelection.ById(middle.Id));

        Assert.Equal([middle], result.Programs);
        Assert.Equal(["a", "c"], _world.Run());
        Assert.Equal(["a", "c"], host.Names());
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    public void Detaches_every_component_of_a_name()
    {
        _world.Prepare(Component("twin", 10), Component("other", 20), Component("twin", 30));

        var result = _world.Start().Detach(ComponentSelection.ByName("twin"));

        Assert.Equal([0, 2], result.Programs.Select(program => program.Slot));
        Assert.Equal(["other"], _world.Run());
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-134")]
    public void Detaching_all_empties_the_hook_and_leaves_nothing()
    {
        _world.Kernel.BpfFs.MakeDirectory(PinRoot);
        var before = SimCensus.Take(_world.Kernel);
        _world.Prepare(Component("a"), Component("b"), Component("c"));
        var host = _world.Start();

        var result = host.Detach(ComponentSelection.All);

        Assert.True(result.After.IsEmpty);
        Assert.Equal(["a", "b", "c"], result.Programs.Select(program => program.Name));
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertSameAs(before, _world);
    }

    [Fact]
    public void Detaching_the_last_by_id_empties_the_hook()
    {
        var host = _world.Start();
        var only = host.Attach(Component("only")).Programs[0];

        Assert.True(host.Detach(ComponentSelection.ById(only.Id)).After.IsEmpty);

        Assert.Null(_world.Nic.Occupant);
        Assert.Empty(_world.Directories());
    }

    [Fact]
    [Rule("P-049", "P-133")]
    public void One_component_replaces_the_whole_dispatcher_and_two_do_not()
    {
        var host = _world.Start();
        host.Attach(Component("a", 10));
        Assert.NotNull(Dispatcher().ReplacementOf("xdp_dispatcher"));
        Assert.Null(Dispatcher().ReplacementOf("prog0"));

        host.Attach(Component("b", 20));
        Assert.Null(Dispatcher().ReplacementOf("xdp_dispatcher"));
        Assert.Equal("a", Dispatcher().ReplacementOf("prog0")!.Program.Name);
        Assert.Equal("b", Dispatcher().ReplacementOf("prog1")!.Program.Name);

        host.Detach(ComponentSelection.ByName("a"));
        Assert.Equal("b", Dispatcher().ReplacementOf("xdp_dispatcher")!.Program.Name);
        Assert.Equal(["b"], _world.Run());

        Dispatcher.SimulatedKernel.Objects.SimProgram Dispatcher() => _world.Nic.Occupant!.Program;
    }

    [Fact]
    [Rule("P-132")]
    public void An_id_or_name_that_is_not_there_changes_nothing()
    {
        _world.Prepare(Component("a"), Component("b"));
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        var present = host.Status().Chain!.Programs[0].Id;

        Assert.Throws<NotFoundException>(() => host.Detach(ComponentSelection.ByName("c")));
        Assert.Throws<NotFoundException>(() => host.Detach(ComponentSelection.ById(present, new ProgramId(77))));

        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void All_of_nothing_is_nothing_to_do_and_one_of_nothing_is_not_there()
    {
        var host = _world.Start();
        var result = host.Detach(ComponentSelection.All);
        Assert.Equal((ChangeNoteKind.NothingToDo, 0), (Assert.Single(result.Notes).Kind, result.Programs.Length));
        Assert.Same(result.Before, result.After);
        Assert.Throws<NotFoundException>(() => host.Detach(ComponentSelection.ByName("xdp_firewall")));
    }

    [Fact]
    public void Status_shows_hooks_of_all_kinds()
    {
        var other = _world.Kernel.Network.Add("eth1");
        _world.Prepare(Component("a", 10), Component("b", 20));
        var stranger = _world.Kernel.StartProcess();
        stranger.ForceHook(other, LoadPlain(stranger));

        var all = _world.Start().StatusOfAll();

        Assert.Equal(["lo", "eth0", "eth1"], all.Select(status => status.InterfaceName));
        Assert.True(all[0].IsEmpty);
        Assert.Equal(["a", "b"], all[1].Chain!.Programs.Select(program => program.Name));
        Assert.Equal("stranger", all[2].Foreign!.Name);
    }

    [Fact]
    public void Inspection_tells_version_and_policy()
    {
        var host = _world.Start();
        var dispatcher = host.Attach(Component("a", 7)).After.Chain!.DispatcherId;

        var inspected = host.Inspect(dispatcher);

        Assert.Equal(("xdp", "xdp_dispatcher", 2), (inspected.Type, inspected.Name, inspected.DispatcherVersion));
        Assert.Equal(7u, Assert.Single(inspected.Config!.Slots).Priority);
        Assert.Throws<NotFoundException>(() => host.Inspect(new ProgramId(9)));
        ChainCheck.AssertNothingHeld(host);
    }
}
