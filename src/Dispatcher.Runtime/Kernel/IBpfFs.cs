using System.Collections.Immutable;

namespace Dispatcher.Runtime.Kernel;

/// <summary>The BPF file system: pins, their directories and the lock. Paths are absolute.</summary>
/// <remarks>Each method is one system call, except that opening a path and acting on the fd count as one.</remarks>
internal interface IBpfFs
{
    /// <summary>Whether this path is on a BPF file system; false as well when it does not exist. Kernel: statfs, BPF_FS_MAGIC.</summary>
    bool IsBpfFs(string path);

    /// <summary>
    /// Whether what is mounted at this path is seen in the mount namespace of this process and not in that of process 1: what is pinned there goes when the
    /// last process of the namespace ends. False as well where process 1 cannot be looked at. Source: /proc/1.
    /// </summary>
    bool IsPrivate(string path);

    /// <summary>Mounts a BPF file system, making the folder when it is missing.</summary>
    void Mount(string path);

    /// <summary>Where BPF file systems are mounted, as this process sees it; one path may stand there twice. Source: /proc/self/mountinfo.</summary>
    ImmutableArray<string> Mounts();

    /// <summary>Makes a directory of mode 0700. False: it exists already.</summary>
    bool MakeDirectory(string path);

    /// <summary>Removes an empty directory. False: it was not there, or is not empty.</summary>
    bool RemoveDirectory(string path);

    /// <summary>Names in a directory, those that begin with something. Null: no such directory.</summary>
    ImmutableArray<string>? List(string path, string prefix = "");

    /// <summary>Seconds since the directory was last changed, by its mtime. Null: no such directory.</summary>
    TimeSpan? Age(string path);

    /// <summary>Pins a program. False: EEXIST, the path is taken. Kernel: BPF_OBJ_PIN.</summary>
    bool Pin(ProgramFd program, string path);

    /// <summary>Pins a link. False: EEXIST, the path is taken.</summary>
    bool Pin(LinkFd link, string path);

    /// <summary>Opens a pinned program. Null: no such pin. Kernel: BPF_OBJ_GET.</summary>
    ProgramFd? OpenProgram(string path);

    /// <summary>Opens a pinned link. Null: no such pin.</summary>
    LinkFd? OpenLink(string path);

    /// <summary>Removes a pin. False: it was not there. The kernel drops the object's reference later, not at once.</summary>
    bool Unpin(string path);

    /// <summary>Takes the lock on a directory if nobody has it. Null: somebody has. Kernel: flock(LOCK_EX | LOCK_NB).</summary>
    /// <returns>The lock; disposing it, or the end of the process, lets go.</returns>
    /// <exception cref="KernelException">ENOENT: no such directory.</exception>
    IDisposable? TryLock(string path);

    /// <summary>
    /// Takes the lock on a directory, waiting in the kernel's queue, so that nobody who asks again and again overtakes.
    /// Null: the time passed. Kernel: flock(LOCK_EX).
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="longest">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait by throwing.</param>
    /// <returns>The lock, as of <see cref="TryLock"/>.</returns>
    IDisposable? WaitForLock(string path, TimeSpan longest, CancellationToken cancellationToken);

    /// <summary>The process that holds the lock on a directory, from /proc/locks. Null: none is seen.</summary>
    int? FindLockHolder(string path);
}
