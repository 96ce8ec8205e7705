using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime;

/// <summary>What can be known of who changed a hook.</summary>
/// <remarks>
/// The kernel does not record it. What there is: the lock, which a process that changes a chain by the protocol holds or has just held (libxdp lets go
/// of it before it attaches), and what the program on the hook tells of itself.
/// </remarks>
/// <param name="LockHolder">
/// The process that held the lock on the pins at the moment when the change was noticed, or else the only one that had opened the folder of the lock within
/// the five seconds before (to see that takes CAP_SYS_ADMIN): most likely the one that made it. Null: nobody did, several did, or the change may have been made
/// long before it was noticed.
/// </param>
/// <param name="UserId">User who loaded the program that is on the hook now, in the user namespace of this process. Null: there is none, or it is gone.</param>
/// <param name="Flavour">
/// How the dispatcher on the hook is made: specialised as this library makes it, or generic as libxdp fills it in. Null: no dispatcher, or it is gone.
/// </param>
public sealed record ChangeOrigin(HolderProcess? LockHolder, uint? UserId, DispatcherFlavour? Flavour);
