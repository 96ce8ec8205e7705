namespace Dispatcher.Runtime.Kernel;

/// <summary>What the kernel tells of interfaces and their hooks without being asked.</summary>
/// <remarks>
/// What is told is a reason to read and nothing more: notifications may be late or many, and one for a hook says nothing of who changed
/// it. Not told are changes of a hook by a bpf_link (attach, update, release), and those on an interface that is down; of pins those that are followed.
/// </remarks>
internal interface IHookEvents
{
    /// <summary>Starts listening in the network namespace of <see cref="IXdpHook"/>: from here on nothing is missed unnoticed. Kernel: RTNLGRP_LINK.</summary>
    /// <param name="lockFolder">Folder of the lock; see <see cref="IHookSubscription.TakeLockOpener"/>.</param>
    /// <returns>Owned by the caller; disposing it ends it.</returns>
    IHookSubscription Subscribe(string lockFolder);
}

/// <summary>Notifications that wait to be read. For one thread at a time.</summary>
internal interface IHookSubscription : IDisposable
{
    /// <summary>Takes the next notification, waiting for it without using the processor.</summary>
    /// <param name="longest">How long to wait; zero: only what is there; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait by throwing.</param>
    /// <returns>Null: the time passed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    HookNotice? Next(TimeSpan longest, CancellationToken cancellationToken);

    /// <summary>From here on it is told when something is removed from the folder of pins of an interface, or the folder itself. Kernel: inotify; where that cannot be had nothing is told.</summary>
    /// <param name="ifindex">Interface index; what was followed for it before is not any more.</param>
    /// <param name="folder">Path of the folder, there or not; null: none.</param>
    /// <returns>Whether it is the folder that has been followed until now, still at this path: what was removed from it has been told, or waits to be read.</returns>
    bool FollowPins(int ifindex, string? folder);

    /// <summary>Whether the folder of pins of an interface is followed: false too when it was removed or cannot be followed.</summary>
    bool FollowsPins(int ifindex);

    /// <summary>Whether it is seen who opens the folder of the lock, as everybody does who takes it. Kernel: fanotify, CAP_SYS_ADMIN.</summary>
    bool SeesLockOpeners { get; }

    /// <summary>The watch itself looks around, and may open the folder of the lock meanwhile: this process is no candidate for that.</summary>
    /// <returns>Disposed when it has looked.</returns>
    IDisposable BeginLooking();

    /// <summary>
    /// The only process that may have taken the lock since this was asked last: that opened its folder since then, or before and is still there. Null: none or
    /// several, or it is not seen.
    /// </summary>
    /// <param name="isFresh">Whether it is about a change that <see cref="Next"/> has just told, having waited for it.</param>
    HolderProcess? TakeLockOpener(bool isFresh);
}
