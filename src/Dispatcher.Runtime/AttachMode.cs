namespace Dispatcher.Runtime;

/// <summary>Where on its way a packet meets the program.</summary>
public enum AttachMode
{
    /// <summary>The driver's hook where it has one, else the generic one; the kernel chooses.</summary>
    Unspecified,

    /// <summary>In the driver, before the kernel allocates a packet buffer: <c>XDP_FLAGS_DRV_MODE</c>.</summary>
    Native,

    /// <summary>In the network stack, on every driver, slower: <c>XDP_FLAGS_SKB_MODE</c>.</summary>
    Skb,

    /// <summary>On the device itself: <c>XDP_FLAGS_HW_MODE</c>.</summary>
    Hw,
}
