using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>What other applications rely on: where pins are, what is in them, what happens under the lock.</summary>
public sealed class SharedStateTests
{
    private readonly World _world = new();

    [Fact]
    [Rule("P-082", "P-085")]
    public void Every_slot_has_its_two_pins_where_every_application_looks_and_nothing_else_is_there()
    {
        _world.Prepare(Component("a", 10));
        Assert.Equal(["prog0-link", "prog0-prog"], Pins());

        _world.Prepare(Component("b", 20));
        Assert.Equal(["prog0-link", "prog0-prog", "prog1-link", "prog1-prog"], Pins());

        var dispatcher = _world.Nic.Occupant!.Program;
        var reader = _world.Kernel.StartProcess().Port;
        for (var slot = 0; slot < 2; slot++)
        {
            using var program = reader.Files.OpenProgram($"{Directory()}/prog{slot}-prog");
            using var link = reader.Files.OpenLink($"{Directory()}/prog{slot}-link");
            var replacement = dispatcher.ReplacementOf($"prog{slot}")!;
            Assert.Equal(replacement.Program.Id, reader.Bpf.GetInfo(program!).Id.Value);
            Assert.Equal(replacement.Id, reader.Bpf.GetInfo(link!).Id.Value);
        }
    }

    [Fact]
    [Rule("P-087")]
    public void What_else_stands_in_the_folder_of_pins_is_left_alone()
    {
        _world.Prepare(Component("a", 10));
        var peer = _world.Kernel.StartProcess();
        using var program = LoadPlain(peer, "peer");
        peer.Port.Files.Pin(program, $"{PinRoot}/prog-test-link-1-9");
        peer.Port.Files.MakeDirectory($"{PinRoot}/dispatch-x");

        var host = _world.Start();
        host.Attach(Component("b", 20));
        host.Detach(ComponentSelection.ByName("a"));

        Assert.Equal(["b"], host.Names());
        Assert.Equal([$"dispatch-{_world.Nic.Index}-{_world.Nic.Occupant!.Program.Id}", "dispatch-x", "prog-test-link-1-9"], _world.Directories());
    }

    [Fact]
    [Rule("P-091")]
    public void From_the_read_of_the_hook_to_the_last_old_pin_the_lock_is_held()
    {
        _world.Prepare(Component("a", 10));
        var host = _world.Start();
        var (locks, readsUnderLock) = (0, 0);
        _world.Kernel.OnCall = call =>
        {
            locks += call.Operation == nameof(IBpfFs.TryLock) ? 1 : 0;
            readsUnderLock += call.Operation == nameof(IXdpHook.Read) && host.Process.LockCount == 1 ? 1 : 0;
            var changes = call.Operation is nameof(IBpfFs.Pin) or nameof(IXdpHook.Swap) or nameof(IBpfFs.Unpin) or nameof(IBpfFs.RemoveDirectory);
            if (!changes)
                return;
            Assert.Equal(1, host.Process.LockCount);
            Assert.True(readsUnderLock > 0, $"{call} before the hook was read under the lock");
        };

        host.Attach(Component("b", 20));

        Assert.Equal(1, locks);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    [Rule("P-120")]
    public void What_a_peer_did_while_we_waited_for_the_lock_is_in_the_chain()
    {
        _world.Prepare(Component("a", 10));
        var peer = new Peer(_world, Component("peer", 20));
        var holder = _world.Kernel.StartProcess();
        Assert.NotNull(holder.Port.Files.TryLock(PinRoot));
        var host = _world.Start();
        _world.Before(host, nameof(IPace.Wait), _ =>
        {
            peer.Attach();
            peer.Finish();
            holder.Kill();
        });

        Assert.Equal(1, host.Attach(Component("ours", 30)).Attempts);

        ChainCheck.AssertCarries(_world, ["a", "peer", "ours"]);
    }

    [Fact]
    [Rule("P-094")]
    public void A_chain_is_read_while_somebody_else_has_the_lock()
    {
        _world.Prepare(Component("a", 10));
        var holder = _world.Kernel.StartProcess();
        using var held = holder.Port.Files.TryLock(PinRoot);

        Assert.Equal(["a"], _world.Start().Names());
    }

    [Fact]
    [Rule("P-084")]
    public void Every_pin_is_there_before_the_swap()
    {
        _world.Prepare(Component("a", 10), Component("b", 20));
        var host = _world.Start();
        var old = Directory();
        _world.Before(host, nameof(IXdpHook.Swap), _ =>
        {
            var directory = $"{PinRoot}/{Assert.Single(_world.Directories(), name => !old.EndsWith(name, StringComparison.Ordinal))}";
            Assert.Equal(6, _world.Kernel.BpfFs.List(directory).Length);
        });

        host.Attach(Component("c", 30));

        Assert.Equal(6, Pins().Length);
    }

    [Theory]
    [InlineData(ProgramFlags.Frags, ProgramFlags.Frags, 32u)]
    [InlineData(ProgramFlags.Frags, ProgramFlags.None, 0u)]
    [Rule("P-048")]
    public void The_dispatcher_is_loaded_for_frags_when_every_component_takes_them(ProgramFlags first, ProgramFlags second, uint flags)
    {
        _world.Prepare(Component("a", 10) with { Flags = first }, Component("b", 20) with { Flags = second });

        var dispatcher = _world.Nic.Occupant!.Program;
        Assert.Equal(flags, dispatcher.Load.Flags);
        Assert.All([0, 1], slot => Assert.Equal(0u, dispatcher.ReplacementOf($"prog{slot}")!.Program.Load.Flags));
    }

    private string Directory() => $"{PinRoot}/dispatch-{_world.Nic.Index}-{_world.Nic.Occupant!.Program.Id}";

    private ImmutableArray<string> Pins() => _world.Kernel.BpfFs.List(Directory());
}
