using Dispatcher.Runtime.Interop;

namespace Dispatcher.Testing;

/// <summary>A network namespace of its own, deleted on dispose with what is in it. Needs root.</summary>
public sealed class NetNamespace : IDisposable
{
    /// <summary>Every namespace of a test starts with this, so that a leak shows.</summary>
    public const string Prefix = "xdt-";

    private static int _count;

    /// <summary>Makes the namespace with its loopback up; skips the test when not root (fails in CI).</summary>
    public NetNamespace()
    {
        Need.Root();
        Name = UniqueName();
        Tool.Run("ip", "netns", "add", Name).OrFail();
        Run("ip", "link", "set", "lo", "up").OrFail();
    }

    /// <summary>Name as <c>ip netns</c> knows it.</summary>
    public string Name { get; }

    /// <summary>The file that stands for it; a helper process may enter it through this.</summary>
    public string Path => "/run/netns/" + Name;

    /// <summary>Runs a program inside, to its end.</summary>
    /// <remarks>Only the network is another one: /sys, and so the bpffs, stays ours, which <c>ip netns exec</c> would replace.</remarks>
    public ToolResult Run(string name, params IReadOnlyList<string> arguments) => Tool.Run(Wrap(new ToolRequest(name, arguments)));

    /// <summary>The same request, to be run inside; for starting a process oneself.</summary>
    public ToolRequest Wrap(ToolRequest request) =>
        request with { Name = "nsenter", Arguments = ["--net=" + Path, "--", request.Name, .. request.Arguments] };

    /// <summary>Runs code of ours inside, on a thread that ends with it. A socket made so stays inside.</summary>
    public T Inside<T>(Func<T> action)
    {
        using var inside = NetworkNamespace.Find(Name);
        return inside.Run(action);
    }

    /// <inheritdoc/>
    public void Dispose() => Tool.Run("ip", "netns", "del", Name);

    /// <summary>Process id, number and random part: unique among runs that share a machine.</summary>
    private static string UniqueName() =>
        $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-{Random.Shared.Next(0x10000):x4}";
}
