using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>The folder of all pins, and the lock on it that every application takes.</summary>
internal sealed class PinRoot(KernelPort kernel, PinPaths paths, XdpDispatcherOptions options)
{
    /// <summary>Makes sure that the folder exists on a BPF file system. None is mounted where something is on the hook: its pins are somewhere else, or lost.</summary>
    /// <param name="target">The interface whose chain is to be changed.</param>
    /// <exception cref="NotFoundException">There is no BPF file system and none is to be mounted.</exception>
    public void Ensure(InterfaceReading target)
    {
        if (!kernel.Files.IsBpfFs(paths.FileSystem))
        {
            if (kernel.Hook.Read(target.Index) is { Attached.IsEmpty: false })
                throw paths.PinsNotSeen(kernel, target.Name);
            if (!options.MountBpfFs || kernel.Files.IsPrivate(paths.FileSystem))
                throw paths.NotMounted(kernel.Files, mayAttach: !options.MountBpfFs);
            kernel.Files.Mount(paths.FileSystem);
        }

        kernel.Files.MakeDirectory(paths.Root);
    }

    /// <summary>Whether nothing is on the hook of an interface, and nothing can be pinned: there is no chain, and no lock.</summary>
    public bool IsBare(InterfaceReading target) => !kernel.Files.IsBpfFs(paths.FileSystem) && kernel.Hook.Read(target.Index) is { Attached.IsEmpty: true };

    /// <summary>What to know of a chain that is pinned here. Null: nothing.</summary>
    public ChangeNote? FindRemark() => kernel.Files.IsPrivate(paths.FileSystem)
        ? new ChangeNote(
            ChangeNoteKind.PrivateBpfFs,
            $"the BPF file system at {Printable.Escape(paths.FileSystem)} is of this mount namespace only, not the host's: when its last process ends, the pins go, and these programs with them, "
            + "and packets pass; run this outside of 'ip netns exec' or 'unshare' instead, and name the network namespace")
        : null;

    /// <summary>Takes the lock, waiting until the deadline at most.</summary>
    /// <returns>The lock, or null when the deadline passed while somebody else had it.</returns>
    public IDisposable? TakeLock(Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return kernel.Files.TryLock(paths.Root) ?? kernel.Files.WaitForLock(paths.Root, deadline.Left, cancellationToken);
    }

    /// <summary>Says who has the lock, for the error that follows.</summary>
    public string DescribeHolder()
    {
        int? pid;
        try
        {
            pid = kernel.Files.FindLockHolder(paths.Root);
        }
        catch (KernelException)
        {
            pid = null;
        }

        return pid is null ? $"another process holds the lock on {paths.Root}" : $"process {pid} holds the lock on {paths.Root}";
    }
}
