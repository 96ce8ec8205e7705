using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Transactions;

/// <summary>A new dispatcher with every component of the plan in its slot, not yet on the NIC.</summary>
/// <remarks>
/// Until <see cref="Keep"/> everything is ours alone: disposing takes the pins away again and closes the fds, and the
/// kernel frees the rest. The components that were in the chain before keep their programs and maps: they are only
/// linked a second time.
/// </remarks>
internal sealed class Revision : IDisposable
{
    private const int PinsPerSlot = 2;

    private readonly IBpfFs _files;
    private readonly Action<KernelException> _undoFailed;
    private readonly LoadedDispatcher _dispatcher;
    private readonly ImmutableArray<Occupant> _occupants;
    private string? _directory;
    private bool _kept;

    private Revision(
        IBpfFs files, LoadedDispatcher dispatcher, ProgramInfo info, ImmutableArray<Occupant> occupants, Action<KernelException> undoFailed)
    {
        _files = files;
        _undoFailed = undoFailed;
        _dispatcher = dispatcher;
        Info = info;
        _occupants = occupants;
    }

    /// <summary>What the kernel says of the dispatcher.</summary>
    public ProgramInfo Info { get; }

    /// <summary>The dispatcher; borrowed.</summary>
    public ProgramFd Dispatcher => _dispatcher.Program;

    /// <summary>Whether the dispatcher takes packets in several buffers.</summary>
    public bool HasFrags => _dispatcher.HasFrags;

    /// <summary>Loads the dispatcher of a plan and links every component into it.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="plan">A plan that does not empty the hook.</param>
    /// <param name="target">Interface of the hook.</param>
    /// <param name="programOf">The fd of each component in the plan; borrowed, outlives the revision.</param>
    /// <param name="undoFailed">Told when pins cannot be taken away again; the error that led to the undo goes on.</param>
    public static Revision Build(
        KernelPort kernel, ChainPlan plan, InterfaceReading target, Func<ProgramId, ProgramFd> programOf, Action<KernelException> undoFailed)
    {
        var occupants = ImmutableArray.CreateBuilder<Occupant>(plan.Components.Length);
        var dispatcher = DispatcherLoader.LoadFor(kernel, plan.ToSpec(), target);
        try
        {
            for (var slot = 0; slot < plan.Components.Length; slot++)
            {
                var program = programOf(plan.Components[slot].Id);
                occupants.Add(new Occupant(program, kernel.Bpf.AttachToFunction(program, dispatcher.Program, dispatcher.TargetTypeId(slot))));
            }

            return new Revision(kernel.Files, dispatcher, kernel.Bpf.GetInfo(dispatcher.Program), occupants.MoveToImmutable(), undoFailed);
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
    /// <returns>False: somebody who does not heed the lock pinned there too, or took pins away meanwhile.</returns>
    public bool TryPin(string directory)
    {
        _directory = directory;
        if (!_files.MakeDirectory(directory))
        {
            // The id is ours alone, so what stands there belongs to a dispatcher that is long gone.
            PinnedDirectory.Remove(_files, directory);
        }

        try
        {
            return PinMissing() == PinsPerSlot * _occupants.Length;
        }
        catch (KernelException gone) when (gone.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>Pins again what somebody took away between our pin and our swap.</summary>
    public void RestorePins() => PinMissing();

    /// <summary>From here on the chain is on the NIC: disposing closes our fds and leaves the pins.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept && _directory is not null)
            Unpin(_directory);
        foreach (var occupant in _occupants)
            occupant.Link.Dispose();
        _dispatcher.Dispose();
    }

    private void Unpin(string directory)
    {
        try
        {
            PinnedDirectory.Remove(_files, directory);
        }
        catch (KernelException failure)
        {
            _undoFailed(failure);
        }
    }

    private int PinMissing() =>
        PinnedDirectory.Complete(_files, _directory!, _occupants.Select(occupant => (occupant.Program, occupant.Link)));

    private readonly record struct Occupant(ProgramFd Program, LinkFd Link);
}
