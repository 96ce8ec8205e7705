namespace Dispatcher.Runtime.Kernel;

/// <summary>One notification: which interface to read again.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Index">Interface index in the network namespace that is listened to; 0 when notifications were lost.</param>
/// <param name="MovedTo">Of an interface that has gone: where to, when it moved and the kernel says so.</param>
internal readonly record struct HookNotice(HookNoticeKind Kind, int Index, InterfaceAddress? MovedTo = null)
{
    /// <summary>More came than could wait, so anything may have changed.</summary>
    public static HookNotice Lost => new(HookNoticeKind.Lost, 0);
}

/// <summary>What a notification is about.</summary>
internal enum HookNoticeKind
{
    /// <summary>RTM_NEWLINK: the interface is new, or something of it changed, its hook perhaps.</summary>
    Changed,

    /// <summary>RTM_DELLINK: the interface was removed or moved to another network namespace.</summary>
    Gone,

    /// <summary>Something was removed from the folder of pins that is followed for the interface (<see cref="IHookSubscription.FollowPins"/>).</summary>
    PinsRemoved,

    /// <summary>ENOBUFS: notifications were dropped; read everything.</summary>
    Lost,
}

/// <summary>An interface of another network namespace.</summary>
/// <param name="NamespaceId">Number that our network namespace has for that one (IFLA_NEW_NETNSID, kernel 4.15); null: it has none.</param>
/// <param name="Index">Its index there (IFLA_NEW_IFINDEX, kernel 4.15); null: not told.</param>
internal readonly record struct InterfaceAddress(int? NamespaceId, int? Index);
