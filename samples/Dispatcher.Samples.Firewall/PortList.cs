using System.Diagnostics.Metrics;
using Dispatcher.Runtime;

namespace Dispatcher.Samples.Firewall;

/// <summary>The map <c>blocked_ports</c> of the program that runs: what the operator wants blocked goes in, what was dropped comes out, as a metric too.</summary>
internal sealed class PortList : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Dispatcher.Samples.Firewall";

    private const string MapName = "blocked_ports";

    private readonly Lock _gate = new();
    private readonly BlockedPort[] _wanted;
    private ProgramMap? _map;

    public PortList(BlockedPort[] wanted, IMeterFactory meters)
    {
        _wanted = wanted;
        meters.Create(MeterName).CreateObservableCounter(
            "firewall.drops",
            () => Drops().Select(drop => new Measurement<long>(drop.Packets, KeyValuePair.Create<string, object?>("firewall.port", $"{drop.Port}"))),
            "{packet}",
            "Packets dropped by the program, by port; goes on over restarts and upgrades.");
    }

    /// <summary>Fills the map of a program that is not in the chain yet.</summary>
    public void Fill(IReadOnlyList<ProgramMap> maps)
    {
        var map = maps.First(map => map.Name == MapName);
        foreach (var port in _wanted)
            map.Write(in port, 0UL);
    }

    /// <summary>Takes over the map of a program; ports that were blocked before keep their counts.</summary>
    public void Use(XdpAttachment firewall)
    {
        lock (_gate)
        {
            _map?.Dispose();
            _map = firewall.OpenMap(MapName);
            foreach (var port in _wanted.Where(port => !_map.TryRead(in port, out ulong _)))
                _map.Write(in port, 0UL);
            foreach (var gone in Ports(_map).Except(_wanted).ToList())
                _map.Remove(in gone);
        }
    }

    /// <summary>How many packets were dropped so far, by port.</summary>
    public IReadOnlyList<(BlockedPort Port, long Packets)> Drops()
    {
        lock (_gate)
            return _map is null ? [] : [.. Ports(_map).Select(port => (port, _map.TryRead(in port, out ulong packets) ? (long)packets : 0))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _map?.Dispose();
            _map = null;
        }
    }

    private static IEnumerable<BlockedPort> Ports(ProgramMap map) => map.Keys<BlockedPort>();
}
