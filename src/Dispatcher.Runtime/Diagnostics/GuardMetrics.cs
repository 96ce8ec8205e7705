using System.Diagnostics.Metrics;

namespace Dispatcher.Runtime.Diagnostics;

/// <summary>What guards count.</summary>
internal static class GuardMetrics
{
    private static readonly Meter Meter = new(XdpDispatcherTelemetry.MeterName);

    private static readonly Counter<long> Evictions = Meter.CreateCounter<long>(
        "xdp.dispatcher.evictions", "{program}", "Guarded programs that somebody took out of their chain.");

    private static readonly Counter<long> Restores = Meter.CreateCounter<long>(
        "xdp.dispatcher.restores", "{program}", "Programs that a guard attached.");

    /// <summary>Programs went missing.</summary>
    public static void Evicted(string interfaceName, int count) => Add(Evictions, interfaceName, count);

    /// <summary>Programs are in their chain again.</summary>
    public static void Restored(string interfaceName, int count) => Add(Restores, interfaceName, count);

    private static void Add(Counter<long> counter, string interfaceName, int count)
    {
        if (count > 0)
            Listeners.Tell(() => counter.Add(count, new KeyValuePair<string, object?>("network.interface.name", interfaceName)));
    }
}
