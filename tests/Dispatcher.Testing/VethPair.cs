using System.Globalization;

namespace Dispatcher.Testing;

/// <summary>One end of a veth pair.</summary>
/// <param name="Namespace">Where it is; null is the namespace of this process.</param>
/// <param name="Name">Interface name.</param>
public sealed record VethEnd(NetNamespace? Namespace, string Name)
{
    /// <summary>Runs a program where this end is.</summary>
    public ToolResult Run(string name, params IReadOnlyList<string> arguments) =>
        Namespace is null ? Tool.Run(name, arguments) : Namespace.Run(name, arguments);

    /// <summary>Interface index in its namespace.</summary>
    public int ReadIndex() =>
        int.Parse(Run("ip", "-o", "link", "show", "dev", Name).OrFail().Output.Split(':')[0], CultureInfo.InvariantCulture);

    /// <summary>MAC address, such as <c>02:00:00:00:00:01</c>.</summary>
    public string ReadMac()
    {
        var words = Run("ip", "-o", "link", "show", "dev", Name).OrFail().Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words[Array.IndexOf(words, "link/ether") + 1];
    }

    /// <summary>Adds an address.</summary>
    /// <param name="cidr">For example <c>10.11.0.1/24</c>.</param>
    public void AddAddress(string cidr)
    {
        string[] noDad = cidr.Contains(':', StringComparison.Ordinal) ? ["nodad"] : [];
        Run("ip", ["addr", "add", cidr, "dev", Name, .. noDad]).OrFail();
    }
}

/// <summary>Two interfaces joined by a cable, up, without IPv6 chatter; deleted on dispose. Needs root.</summary>
public sealed class VethPair : IDisposable
{
    private static int _count;

    /// <summary>Makes the pair; skips the test when not root (fails in CI).</summary>
    /// <param name="left">Where the left end goes; null is the namespace of this process.</param>
    /// <param name="right">Where the right end goes; null is the namespace of this process.</param>
    public VethPair(NetNamespace? left = null, NetNamespace? right = null)
    {
        Need.Root();
        var stem = $"xv{Environment.ProcessId & 0xffff:x4}{Interlocked.Increment(ref _count) & 0xfff:x3}{Random.Shared.Next(0x1000):x3}";
        Left = new VethEnd(left, stem + "a");
        Right = new VethEnd(right, stem + "b");
        Tool.Run("ip", "link", "add", Left.Name, "type", "veth", "peer", "name", Right.Name).OrFail();
        try
        {
            foreach (var end in new[] { Left, Right })
                Place(end);
        }
        catch
        {
            Tool.Run("ip", "link", "del", Left.Name);
            Tool.Run("ip", "link", "del", Right.Name);
            throw;
        }
    }

    /// <summary>One end.</summary>
    public VethEnd Left { get; }

    /// <summary>The other end.</summary>
    public VethEnd Right { get; }

    /// <summary>Gives both ends an address.</summary>
    /// <param name="left">For example <c>10.11.0.1/24</c>.</param>
    /// <param name="right">For example <c>10.11.0.2/24</c>.</param>
    public void AddAddresses(string left, string right)
    {
        Left.AddAddress(left);
        Right.AddAddress(right);
    }

    /// <inheritdoc/>
    public void Dispose() => Left.Run("ip", "link", "del", Left.Name);

    private static void Place(VethEnd end)
    {
        if (end.Namespace is { } ns)
            Tool.Run("ip", "link", "set", end.Name, "netns", ns.Name).OrFail();
        end.Run("ip", "link", "set", "dev", end.Name, "addrgenmode", "none").OrFail();
        end.Run("ip", "link", "set", "dev", end.Name, "up").OrFail();
    }
}
