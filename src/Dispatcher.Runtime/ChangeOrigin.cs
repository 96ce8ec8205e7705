using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime;

/// <summary>What can be known of who changed a hook.</summary>
/// <remarks>
/// The kernel does not record it. What there is: the lock, which a process that changes a chain by the protocol holds or has just held (libxdp lets go
/// of it before it attaches), and what the program on the hook tells of itself.
/// </remarks>
/// <param name="LockHolder">
/// The only process that may have had the lock on the pins at the change: that had its folder open then or shortly before (to see that takes CAP_SYS_ADMIN;
/// else the process that held the lock when the change was noticed). Of a change that was noticed late: the only one since the change before. Most likely it
/// made the change; it may as well have been at the lock while another changed the hook without it. Null: nobody or several.
/// </param>
/// <param name="UserId">User who loaded the program that is on the hook now, in the user namespace of this process. Null: there is none, or it is gone.</param>
/// <param name="Flavour">
/// How the dispatcher on the hook is made: specialised as this library makes it, or generic as libxdp fills it in. Null: no dispatcher, or it is gone.
/// </param>
public sealed record ChangeOrigin(HolderProcess? LockHolder, uint? UserId, DispatcherFlavour? Flavour);
