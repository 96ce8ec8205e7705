namespace Dispatcher.Benchmarks.Peers;

/// <summary>One end of a veth pair, up, for one contender alone; deleted on dispose. Needs root.</summary>
internal sealed class Nic : IDisposable
{
    private static int _count;

    /// <summary>Makes the pair.</summary>
    public Nic()
    {
        Name = $"bench{++_count}";
        Ip("link", "add", Name, "type", "veth", "peer", "name", Name + "p");
        foreach (var end in new[] { Name, Name + "p" })
        {
            Ip("link", "set", "dev", end, "addrgenmode", "none");
            Ip("link", "set", "dev", end, "up");
        }
    }

    /// <summary>Interface name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public void Dispose() => Ip("link", "del", Name);

    private static void Ip(params string[] arguments) => new Command("ip", arguments).Run();
}
