using Dispatcher.Compiler;

namespace Dispatcher.Runtime.State;

/// <summary>The command of ip(8) that takes a program off a hook, for advice.</summary>
internal static class DetachCommand
{
    /// <summary>As one types it in the namespaces of this process.</summary>
    /// <param name="network">Network namespace of the interface; null: that of the process.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="mode">Of the hook: without it ip empties the hook of the driver and leaves the other.</param>
    public static string For(string? network, string interfaceName, AttachMode mode)
    {
        var hook = mode switch
        {
            AttachMode.Skb => "xdpgeneric",
            AttachMode.Native => "xdpdrv",
            AttachMode.Hw => "xdpoffload",
            _ => "xdp",
        };
        var inside = network switch
        {
            null => "ip",
            ['/', ..] path => $"nsenter --net={Printable.Escape(path)} ip",
            var name => $"ip -n {Printable.Escape(name)}",
        };
        return $"{inside} link set dev {Printable.Escape(interfaceName)} {hook} off";
    }
}
