using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>What xdp-loader does is told, and that a dispatcher of libxdp did it.</summary>
public sealed class WatchTests
{
    [ExtFact]
    public async Task Changes_by_xdp_loader_are_told()
    {
        using var hook = new SharedHook();
        await using var watch = await EventReader.Begin(hook.Ours, hook.Interface);

        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("firewall"));
        var started = await watch.Next(ChainEventKind.ChainStarted);
        Assert.Equal(["xdp_firewall"], started.Joined.Select(program => program.Name));
        Assert.Equal((0u, DispatcherFlavour.Generic), (started.Origin!.UserId, started.Origin.Flavour));

        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("ids"));
        Assert.Equal(["xdp_ids"], (await watch.Next(ChainEventKind.ChainChanged)).Joined.Select(program => program.Name));

        await hook.Load("counter");
        var ours = await watch.Next(ChainEventKind.ChainChanged);
        Assert.Equal(["xdp_counter"], ours.Joined.Select(program => program.Name));
        Assert.Equal(DispatcherFlavour.Specialised, ours.Origin!.Flavour);

        hook.Peer.UnloadAll(hook.Interface);
        Assert.Equal(3, (await watch.Next(ChainEventKind.HookEmptied)).Left.Length);
    }
}
