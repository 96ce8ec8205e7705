using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Dispatcher.Runtime;

namespace Dispatcher.Samples.Ids;

/// <summary>What the IDS counts: alerts here, packets in the map <c>protocol_stats</c> of its program.</summary>
internal sealed class IdsMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Dispatcher.Samples.Ids";

    private static readonly (uint Number, string Name)[] Protocols = [(1, "icmp"), (6, "tcp"), (17, "udp"), (256, "other than ip")];

    private readonly Lock _gate = new();
    private readonly Counter<long> _alerts;
    private ProgramMap? _map;

    public IdsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _alerts = meter.CreateCounter<long>("ids.alerts", "{alert}", "Alerts, by kind.");
        meter.CreateObservableCounter("ids.packets", Packets, "{packet}", "Packets that reached the program, by protocol; goes on over restarts and upgrades.");
    }

    /// <summary>Counts an alert.</summary>
    public void Count(Alert alert) => _alerts.Add(1, KeyValuePair.Create<string, object?>("ids.kind", alert.Kind));

    /// <summary>Takes over the map of a program.</summary>
    public void Use(XdpAttachment ids)
    {
        lock (_gate)
        {
            _map?.Dispose();
            _map = ids.OpenMap("protocol_stats");
        }
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

    private List<Measurement<long>> Packets()
    {
        var measurements = new List<Measurement<long>>();
        lock (_gate)
        {
            foreach (var (number, name) in Protocols)
            {
                if (_map is not null && _map.TryRead(in number, out Traffic traffic))
                    measurements.Add(new Measurement<long>((long)traffic.Packets, KeyValuePair.Create<string, object?>("network.transport", name)));
            }
        }

        return measurements;
    }

    /// <summary><c>struct xdp_traffic</c> of bpf/xdp_component.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Traffic(ulong Packets, ulong Bytes);
}
