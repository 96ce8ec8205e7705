using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>A new dispatcher with every component of the plan in its slot, not yet on the NIC.</summary>
/// <remarks>
/// Until <see cref="Keep"/> everything is ours alone: disposing takes the pins away again and closes the fds, and the
/// kernel frees the rest. The components that were in the chain before keep their programs and maps: they are only
/// linked a second time.
/// </remarks>
internal sealed class Revision : IDisposable
{
    private readonly IBpfFs _files;
    private readonly LoadedDispatcher _dispatcher;
    private readonly ImmutableArray<Occupant> _occupants;
    private string? _directory;
    private bool _kept;

    private Revision(IBpfFs files, LoadedDispatcher dispatcher, ProgramInfo info, ImmutableArray<Occupant> occupants)
    {
        _files = files;
        _dispatcher = dispatcher;
        Info = info;
        _occupants = occupants;
    }

    /// <summary>What the kernel says of the dispatcher.</summary>
    public ProgramInfo Info { get; }

    /// <summary>The dispatcher; borrowed.</summary>
    public ProgramFd Dispatcher => _dispatcher.Program;

    /// <summary>Loads the dispatcher of a plan and links every component into it.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="plan">A plan that does not empty the hook.</param>
    /// <param name="programOf">The fd of each component in the plan; borrowed, outlives the revision.</param>
    public static Revision Build(KernelPort kernel, ChainPlan plan, Func<ProgramId, ProgramFd> programOf)
    {
        var occupants = ImmutableArray.CreateBuilder<Occupant>(plan.Components.Length);
        var dispatcher = DispatcherLoader.Load(kernel.Bpf, plan.ToSpec());
        try
        {
            for (var slot = 0; slot < plan.Components.Length; slot++)
            {
                var program = programOf(plan.Components[slot].Id);
                occupants.Add(new Occupant(program, kernel.Bpf.AttachToFunction(program, dispatcher.Program, dispatcher.TargetTypeId(slot))));
            }

            return new Revision(kernel.Files, dispatcher, kernel.Bpf.GetInfo(dispatcher.Program), occupants.MoveToImmutable());
        }
        catch
        {
            foreach (var occupant in occupants)
                occupant.Link.Dispose();
            dispatcher.Dispose();
            throw;
        }
    }

    /// <summary>Pins every program and link, so that the chain outlives this process. Under the lock.</summary>
    /// <param name="directory">Directory of this dispatcher on this interface.</param>
    public void Pin(string directory)
    {
        _directory = directory;
        if (!_files.MakeDirectory(directory))
        {
            // The id is ours alone, so what stands there belongs to a dispatcher that is long gone.
            PinnedDirectory.Remove(_files, directory);
            _files.MakeDirectory(directory);
        }

        PinMissing();
    }

    /// <summary>Pins again what somebody took away between our pin and our swap.</summary>
    public void RestorePins()
    {
        _files.MakeDirectory(_directory!);
        PinMissing();
    }

    /// <summary>From here on the chain is on the NIC: disposing closes our fds and leaves the pins.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (!_kept && _directory is not null)
                PinnedDirectory.Remove(_files, _directory);
        }
        finally
        {
            foreach (var occupant in _occupants)
                occupant.Link.Dispose();
            _dispatcher.Dispose();
        }
    }

    private void PinMissing()
    {
        for (var slot = 0; slot < _occupants.Length; slot++)
        {
            _files.Pin(_occupants[slot].Link, PinPaths.LinkPin(_directory!, slot));
            _files.Pin(_occupants[slot].Program, PinPaths.ProgramPin(_directory!, slot));
        }
    }

    private readonly record struct Occupant(ProgramFd Program, LinkFd Link);
}
