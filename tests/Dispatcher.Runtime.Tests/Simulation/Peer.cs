using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>
/// Another application of the protocol, in the steps of libxdp: pins the new chain under the lock, lets go of it, attaches
/// without it, and unpins the old chain later. A test decides when each step happens.
/// </summary>
internal sealed class Peer
{
    private readonly World _world;
    private readonly SimProcess _process;
    private readonly PinPaths _paths = new("/sys/fs/bpf");
    private readonly Revision _revision;
    private readonly RevisionPins _pins;
    private readonly HookExpectation _expected;
    private readonly string? _oldDirectory;

    /// <summary>Builds and pins a chain: what is on the NIC now, and one component more.</summary>
    public Peer(World world, ComponentProgram component)
    {
        _world = world;
        _process = world.Kernel.StartProcess("peer");
        var kernel = _process.Port;
        var verified = new ComponentVerifier(kernel).LoadAll([component], null, world.Nic.Read());
        verified.Spare.Dispose();
        var loaded = verified.Components;
        var reading = new HookReader(kernel, _paths, new KnownPrograms()).Read(world.Nic.Index);
        var snapshot = (reading as HookReading.Chain)?.Snapshot;
        var from = snapshot is null ? null : new PlannedFrom(snapshot.Config.Version, snapshot.Mode,
            [.. snapshot.Components.Select(old => new PlannedComponent(old.Info.Id, old.Name, old.Info.Tag, old.Info.LoadTimeNs, true, 0, old.Policy))]);
        var plan = ChainPlanner.Attach(from, [.. loaded.Select(item => item.ToPlanned())], new AttachOptions());
        ProgramFd ProgramOf(ProgramId id) => loaded.FirstOrDefault(item => item.Info.Id == id)?.Program ?? snapshot!.Components.First(old => old.Info.Id == id).Program;
        _revision = Revision.Build(kernel, plan, world.Nic.Read(), ProgramOf, null);
        var pins = new RevisionPins(kernel.Files, _revision, ProgramOf, failure => Assert.Fail(failure.Message));
        if (!kernel.Files.IsBpfFs(_paths.Root))
            kernel.Files.MakeDirectory(_paths.Root);
        _pins = pins;
        Assert.True(_pins.TryPin(_paths.DirectoryOf(world.Nic.Index, _revision.Info.Id)));
        _expected = snapshot is null ? HookExpectation.Empty : HookExpectation.Holds(snapshot.Dispatcher);
        _oldDirectory = snapshot?.PinDirectory;
    }

    /// <summary>Swaps with the guard, as the protocol says; nobody was faster.</summary>
    public void Attach() => Assert.True(TryAttach());

    /// <summary>Swaps with the guard. False: somebody was faster.</summary>
    public bool TryAttach() => _process.Port.Hook.Swap(
        _world.Nic.Index, _revision.Dispatcher, _expected, AttachMode.Unspecified).Result == SwapResult.Swapped;

    /// <summary>Takes its own pins away again and ends, as after a lost swap.</summary>
    public void GiveUp()
    {
        _pins.Dispose();
        _revision.Dispose();
        _process.Kill();
        _world.Kernel.Settle();
    }

    /// <summary>Swaps without a guard, as no peer should.</summary>
    public void ForceAttach() => _process.ForceHook(_world.Nic, _revision.Dispatcher);

    /// <summary>Takes the old chain's pins away and ends; whatever only the old chain held is freed.</summary>
    public void Finish()
    {
        if (_oldDirectory is not null)
            PinnedDirectory.Remove(_process.Port.Files, _oldDirectory);
        _process.Kill();
        _world.Kernel.Settle();
    }
}
