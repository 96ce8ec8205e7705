namespace Dispatcher.Benchmarks.Peers;

/// <summary>One end of a veth pair, up, for one contender alone; deleted on dispose. Needs root.</summary>
internal sealed class Nic : IDisposable
{
    private readonly Nics _pair = new(1);

    /// <summary>Interface name.</summary>
    public string Name => _pair.Names[0];

    /// <inheritdoc/>
    public void Dispose() => _pair.Dispose();
}
