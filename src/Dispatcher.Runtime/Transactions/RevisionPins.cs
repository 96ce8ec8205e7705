using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>The pins of a revision for one interface. Until <see cref="Keep"/> they are ours alone, and disposing takes them away again.</summary>
/// <param name="files">The port.</param>
/// <param name="revision">Borrowed; outlives this.</param>
/// <param name="programOf">The fd of each component; borrowed, outlives this.</param>
/// <param name="undoFailed">Told when pins cannot be taken away again; the error that led to the undo goes on.</param>
internal sealed class RevisionPins(
    IBpfFs files, Revision revision, Func<ProgramId, ProgramFd> programOf, Action<KernelException> undoFailed) : IDisposable
{
    private const int PinsPerSlot = 2;

    private string? _directory;
    private bool _kept;

    /// <summary>What is pinned; borrowed.</summary>
    public Revision Revision => revision;

    /// <summary>Pins every program and link, so that the chain outlives this process. Under the lock.</summary>
    /// <param name="directory">Directory of this dispatcher on this interface.</param>
    /// <returns>False: somebody who does not heed the lock pinned there too, or took pins away meanwhile.</returns>
    public bool TryPin(string directory)
    {
        _directory = directory;
        try
        {
            // The dispatcher is ours and not on this interface, so what stands there belongs to one that is long gone.
            if (!files.MakeDirectory(directory))
                PinnedDirectory.Remove(files, directory);
            return PinMissing() == PinsPerSlot * revision.Occupants.Length;
        }
        catch (KernelException gone) when (gone.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>Pins again what somebody took away between our pin and our swap.</summary>
    public void Restore()
    {
        if (PinnedDirectory.IsComplete(files, _directory!, revision.Occupants.Length))
            return;
        // Whoever took them may have taken the folder above, too.
        files.MakeDirectory(Path.GetDirectoryName(_directory)!);
        PinMissing();
    }

    /// <summary>From here on the chain is on the NIC: disposing leaves the pins.</summary>
    public void Keep()
    {
        _kept = true;
        revision.IsOnHook = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept && _directory is not null)
            Unpin(_directory);
    }

    private void Unpin(string directory)
    {
        try
        {
            PinnedDirectory.Remove(files, directory);
        }
        catch (KernelException failure)
        {
            undoFailed(failure);
        }
    }

    private int PinMissing() =>
        PinnedDirectory.Complete(files, _directory!, revision.Occupants.Select(occupant => (programOf(occupant.Program), occupant.Link)));
}
