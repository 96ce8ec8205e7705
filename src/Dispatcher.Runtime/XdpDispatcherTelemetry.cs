namespace Dispatcher.Runtime;

/// <summary>Names under which this library reports what it does, for a host that exports metrics and traces. docs/telemetry.md lists all of them.</summary>
public static class XdpDispatcherTelemetry
{
    /// <summary>Name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "Dispatcher.Runtime";

    /// <summary>Name of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Dispatcher.Runtime";
}
