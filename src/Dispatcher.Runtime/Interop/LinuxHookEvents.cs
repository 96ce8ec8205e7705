using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Notifications of rtnetlink.</summary>
/// <param name="network">Where to listen, borrowed; null: in the network namespace of the calling thread.</param>
internal sealed class LinuxHookEvents(NetworkNamespace? network = null) : IHookEvents
{
    /// <inheritdoc/>
    public IHookSubscription Subscribe(string lockFolder)
    {
        var socket = network?.OpenSocket() ?? new NetlinkSocket();
        try
        {
            socket.Join(Netlink.RTNLGRP_LINK);
            return new LinkSubscription(socket, LockOpenings.TryOpen(lockFolder), PinRemovals.TryOpen());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
