namespace Dispatcher.Compiler.Model;

/// <summary>What an XDP program returns for a packet. Values as in <c>enum xdp_action</c> of linux/bpf.h.</summary>
public enum XdpAction
{
    /// <summary>Drop the packet and report an error of the program.</summary>
    Aborted = 0,

    /// <summary>Drop the packet.</summary>
    Drop = 1,

    /// <summary>Give the packet to the network stack.</summary>
    Pass = 2,

    /// <summary>Send the packet back out of the interface it came from.</summary>
    Tx = 3,

    /// <summary>Send the packet to another interface, CPU or socket.</summary>
    Redirect = 4,
}

/// <summary>The kernel's spelling of the actions, <c>XDP_PASS</c> and so on.</summary>
public static class XdpActionNames
{
    private static readonly string[] Names = ["XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"];

    /// <summary>The five actions in the order of their values.</summary>
    public static IReadOnlyList<XdpAction> All { get; } =
        [XdpAction.Aborted, XdpAction.Drop, XdpAction.Pass, XdpAction.Tx, XdpAction.Redirect];

    /// <summary>The kernel's name of an action.</summary>
    /// <param name="action">One of the five actions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the five.</exception>
    public static string KernelName(this XdpAction action)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)action, (uint)XdpAction.Redirect, nameof(action));
        return Names[(int)action];
    }

    /// <summary>Finds an action by its kernel name; upper and lower case are alike and <c>XDP_</c> may be left out.</summary>
    /// <param name="name">For example <c>XDP_PASS</c> or <c>pass</c>.</param>
    /// <param name="action">The action found.</param>
    /// <returns>False when no action has this name.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out XdpAction action)
    {
        name = name.Trim();
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase)
                || name.Equals(Names[i].AsSpan(4), StringComparison.OrdinalIgnoreCase))
            {
                action = (XdpAction)i;
                return true;
            }
        }

        action = default;
        return false;
    }
}
