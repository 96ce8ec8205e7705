using System.Collections.Immutable;

namespace Dispatcher.Runtime.Kernel;

/// <summary>The rtnetlink part of the port: what is on a NIC's hook, and the compare-and-swap of it.</summary>
internal interface IXdpHook
{
    /// <summary>Reads one interface. Null: no such ifindex. Kernel: RTM_GETLINK.</summary>
    /// <param name="ifindex">Interface index in the caller's network namespace; greater than 0.</param>
    InterfaceReading? Read(int ifindex);

    /// <summary>Reads one interface by name. Null: no such name. Kernel: RTM_GETLINK with IFLA_IFNAME or IFLA_ALT_IFNAME.</summary>
    InterfaceReading? Read(string name);

    /// <summary>Reads the other end of an interface, in whatever namespace it is. Null: gone, or not to be read from here. Kernel: RTM_GETLINK, IFLA_TARGET_NETNSID, 4.20.</summary>
    InterfaceReading? ReadPeer(InterfacePeer peer);

    /// <summary>Reads all interfaces of the caller's network namespace. Kernel: RTM_GETLINK dump.</summary>
    ImmutableArray<InterfaceReading> ReadAll();

    /// <summary>Swaps the program on one hook if the hook still holds what is expected.</summary>
    /// <param name="ifindex">Interface index in the caller's network namespace; greater than 0.</param>
    /// <param name="replacement">Loaded XDP program, borrowed; null empties the hook.</param>
    /// <param name="expected">Empty hook, or the program read before; sent with its flag, never alone.</param>
    /// <param name="mode">The mode of the hook to swap; unspecified lets the kernel choose for a first attach.</param>
    /// <returns>Swapped; Mismatch on EEXIST; Busy on EBUSY (read again to learn why).</returns>
    /// <exception cref="ArgumentException">Nothing is to replace nothing: the kernel would drop the guard and remove any program.</exception>
    /// <exception cref="KernelException">ENODEV: no such ifindex. EOPNOTSUPP: the driver lacks this mode. Others with the kernel's text.</exception>
    /// <remarks>Atomic: each packet runs the old or the new program. Kernel: RTM_SETLINK, IFLA_XDP, IFLA_XDP_EXPECTED_FD, 5.7.</remarks>
    SwapOutcome Swap(int ifindex, ProgramFd? replacement, HookExpectation expected, AttachMode mode);
}
