using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>A chain is written in another protocol version, in one swap. What is cut into it: <see cref="Change"/>.</summary>
public sealed class ConvertTests
{
    private readonly World _world = new();

    public static TheoryData<DispatcherVersion, DispatcherVersion> Pairs
    {
        get
        {
            var data = new TheoryData<DispatcherVersion, DispatcherVersion>();
            foreach (var from in Enum.GetValues<DispatcherVersion>())
            {
                foreach (var to in Enum.GetValues<DispatcherVersion>().Where(to => to != from))
                    data.Add(from, to);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    [Rule("P-002", "P-144")]
    public void Program_ids_order_policy_and_mode_stay_and_the_version_is_another(DispatcherVersion from, DispatcherVersion to)
    {
        _world.Prepare(from, Component("z", 10, actions: ChainCallActions.Of(XdpAction.Pass, XdpAction.Tx)), Component("a", 20), Component("m", 20, XdpAction.Drop));
        var host = _world.Start();
        var before = host.Status();

        var result = host.Convert(to);

        var after = host.Status();
        Assert.Equal((from, to), (before.Chain!.Version, after.Chain!.Version));
        Assert.Equal(before.Chain.Programs, after.Chain.Programs);
        Assert.Equal(before.Mode, after.Mode);
        Assert.NotEqual(before.Chain.DispatcherId, after.Chain.DispatcherId);
        Assert.Equal((before.Chain.DispatcherId, after.Chain.DispatcherId), (result.Before.Chain!.DispatcherId, result.After.Chain!.DispatcherId));
        Assert.Equal(after.Chain.Programs, result.After.Chain.Programs);
        Assert.Empty(result.Programs);
        Assert.Equal(to != DispatcherVersion.V2 ? [ChangeNoteKind.PeersLockedOut] : [], result.Notes.Select(note => note.Kind));
        Assert.Equal(["z", "a", "m"], _world.Run());
        Assert.Equal((uint)XdpAction.Drop, _world.Receive().Verdict);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-144")]
    public void The_mode_stays()
    {
        _world.Start().Attach([Component("a")], new AttachOptions { Mode = AttachMode.Skb });

        var result = _world.Start().Convert(DispatcherVersion.V3);

        Assert.Equal((AttachMode.Skb, AttachMode.Skb), (result.Before.Mode, result.After.Mode));
        Assert.Equal(AttachMode.Skb, _world.Start().Status().Mode);
    }

    [Fact]
    public void A_chain_that_has_the_version_already_is_left_alone()
    {
        _world.Prepare(DispatcherVersion.V3, Component("a"), Component("b"));
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);
        _world.BeforeEach(host, nameof(IBpf.LoadProgram), _ => Assert.Fail("nothing is built"));

        var result = host.Convert(DispatcherVersion.V3);

        Assert.Equal(ChangeNoteKind.NothingToDo, Assert.Single(result.Notes).Kind);
        Assert.Equal(result.Before.Chain!.DispatcherId, result.After.Chain!.DispatcherId);
        Assert.Equal(_world.Nic.Occupant!.Program.Id, result.After.Chain.DispatcherId.Value);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    [Rule("P-095", "P-144")]
    public void A_component_that_a_rival_adds_between_read_and_swap_is_kept(DispatcherVersion from, DispatcherVersion to)
    {
        _world.Prepare(from, Component("ours", 10));
        var rival = new Peer(_world, Component("theirs", 20));
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ =>
        {
            rival.Attach();
            rival.Finish();
        });

        var result = host.Convert(to);

        Assert.Equal((2, 1), (result.Attempts, result.LostRaces.Length));
        Assert.Equal(to, host.Status().Chain!.Version);
        Assert.Equal(["ours", "theirs"], host.Names());
        ChainCheck.AssertCarries(_world, ["ours", "theirs"]);
        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertOnlyLivePins(_world);
    }

    [Fact]
    [Rule("P-116")]
    public void A_broken_chain_is_refused()
    {
        _world.Prepare(Component("a", 10), Component("b", 20));
        _world.Kernel.BpfFs.Unpin($"{PinRoot}/{Assert.Single(_world.Directories())}/prog1-link");
        _world.Kernel.Settle();
        var before = SimCensus.Take(_world.Kernel);
        var host = _world.Start();

        var broken = Assert.Throws<BrokenChainException>(() => host.Convert(DispatcherVersion.V3));

        Assert.Contains("clean eth0 --repair", broken.Message, StringComparison.Ordinal);
        Assert.Throws<BrokenChainException>(() => host.Convert(DispatcherVersion.V2));
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    [Theory]
    [InlineData(DispatcherVersion.V2)]
    [InlineData(DispatcherVersion.V3)]
    [Rule("P-121", "P-144")]
    public void A_version_that_cannot_say_what_the_chain_uses_is_refused_and_nothing_changes(DispatcherVersion from)
    {
        _world.Prepare(from, Component("plain", 10), Component("jumbo", 20) with { Flags = ProgramFlags.Frags });
        var host = _world.Start();
        var before = SimCensus.Take(_world.Kernel);

        var refused = Assert.Throws<RefusedException>(() => host.Convert(DispatcherVersion.V1));

        Assert.Contains("'jumbo' in slot 1 takes frags", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
        host.Detach(ComponentSelection.ByName("jumbo"));
        Assert.Equal(DispatcherVersion.V1, host.Convert(DispatcherVersion.V1).After.Chain!.Version);
    }

    [Fact]
    [Rule("P-143")]
    public void A_program_that_takes_frags_joins_version_1_without_them_and_a_note_says_so()
    {
        _world.Prepare(DispatcherVersion.V1, Component("old", 10));

        var result = _world.Start().Attach(Component("jumbo", 20) with { Flags = ProgramFlags.Frags });

        Assert.Contains(result.Notes, note => note.Kind == ChangeNoteKind.FragsNotExpressible);
        Assert.Equal((DispatcherVersion.V1, false), (result.After.Chain!.Version, result.After.Chain.HasFrags));
        Assert.Equal(["old", "jumbo"], _world.Run());
    }

    [Fact]
    public void There_is_nothing_to_convert_on_an_empty_hook_or_one_that_a_stranger_holds()
    {
        var host = _world.Start();
        Assert.Contains("no chain to convert", Assert.Throws<NotFoundException>(() => host.Convert(DispatcherVersion.V3)).Message, StringComparison.Ordinal);

        var stranger = _world.Kernel.StartProcess("stranger");
        stranger.ForceHook(_world.Nic, LoadPlain(stranger));
        Assert.Throws<ForeignProgramException>(() => host.Convert(DispatcherVersion.V3));
        Assert.Equal(["stranger"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }
}
