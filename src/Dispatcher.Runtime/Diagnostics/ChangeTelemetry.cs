using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Dispatcher.Runtime.Diagnostics;

/// <summary>Metrics and the trace of one change; costs next to nothing while nobody listens.</summary>
/// <remarks>
/// Time is the host's, not the port's: it is measured here and decides nothing. Who listens runs in the middle of a change: what a listener throws is
/// dropped, since a change that is on the NIC must not end as if it were not.
/// </remarks>
internal sealed class ChangeTelemetry : IDisposable
{
    private const string Operation = "xdp.operation";
    private const string Interface = "network.interface.name";
    private const string ErrorType = "error.type";

    private static readonly Meter Meter = new(XdpDispatcherTelemetry.MeterName);
    private static readonly ActivitySource Source = new(XdpDispatcherTelemetry.ActivitySourceName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "xdp.dispatcher.change.duration", "s", "Time that a change of a chain took, verification of its programs not included; of one that was refused before it began, the time until then.");

    private static readonly Histogram<int> Attempts = Meter.CreateHistogram<int>(
        "xdp.dispatcher.change.attempts", "{attempt}", "Attempts that a change took; 1 when nobody interfered.");

    private static readonly Counter<long> Conflicts = Meter.CreateCounter<long>(
        "xdp.dispatcher.change.conflicts", "{conflict}", "Attempts that were lost to a change by somebody else.");

    private static readonly Histogram<double> LockWait = Meter.CreateHistogram<double>(
        "xdp.dispatcher.lock.wait", "s", "Time that an attempt waited for the lock that all applications take.");

    private static readonly Histogram<double> SwapDuration = Meter.CreateHistogram<double>(
        "xdp.dispatcher.swap.duration", "s", "Time that the kernel took to swap the program on the hook.");

    private static readonly Gauge<int> ChainLength = Meter.CreateGauge<int>(
        "xdp.dispatcher.chain.length", "{program}", "Programs in the chain after a change.");

    private readonly long _start;
    private readonly Activity? _activity;
    private readonly TagList _tags;

    /// <summary>A change begins.</summary>
    /// <param name="operation">What it does.</param>
    /// <param name="interfaceName">Where.</param>
    public ChangeTelemetry(string operation, string interfaceName)
        : this(operation, interfaceName, Stopwatch.GetTimestamp())
    {
    }

    private ChangeTelemetry(string operation, string interfaceName, long start)
    {
        _start = start;
        _tags = [new(Operation, operation), new(Interface, interfaceName)];
        Activity? started = null;
        var tags = _tags;
        Listeners.Tell(() => started = Source.StartActivity(
            "xdp.dispatcher.change", ActivityKind.Internal, default(ActivityContext), tags, startTime: DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(start)));
        _activity = started;
    }

    /// <summary>The lock was waited for since a time stamp of <see cref="Stopwatch"/>.</summary>
    public void Waited(long since) => Listeners.Tell(() => LockWait.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, _tags));

    /// <summary>An attempt was lost.</summary>
    public void Lost(string cause) => Listeners.Tell(() =>
    {
        Conflicts.Add(1, _tags);
        _activity?.AddEvent(new ActivityEvent("conflict", tags: new ActivityTagsCollection { ["xdp.cause"] = cause }));
    });

    /// <summary>The change is made.</summary>
    public void Succeeded(ChangeResult result) => Listeners.Tell(() =>
    {
        var length = result.After.Chain?.Programs.Length ?? 0;
        Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, _tags);
        Attempts.Record(result.Attempts, _tags);
        ChainLength.Record(length, new KeyValuePair<string, object?>(Interface, result.After.InterfaceName));
        _activity?.SetTag("xdp.attempts", result.Attempts).SetTag("xdp.chain.length", length).SetStatus(ActivityStatusCode.Ok);
    });

    /// <summary>The change is not made, or nobody can tell.</summary>
    public void Failed(Exception failure) => Listeners.Tell(() =>
    {
        var type = failure.GetType().FullName;
        var tags = _tags;
        tags.Add(ErrorType, type);
        Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
        _activity?.SetTag(ErrorType, type).SetStatus(ActivityStatusCode.Error, failure.Message);
    });

    /// <summary>Runs what comes before a change, and counts the change as failed when that throws: what it needs is looked at, and verified.</summary>
    /// <param name="operation">What it will do.</param>
    /// <param name="interfaceName">Where.</param>
    /// <param name="step">What comes before. If the change is made in it as well, it calls what it is given when that begins, which has telemetry of its own.</param>
    public static T Prepare<T>(string operation, string interfaceName, Func<Action, T> step)
    {
        var asked = Stopwatch.GetTimestamp();
        var hasBegun = false;
        try
        {
            return step(() => hasBegun = true);
        }
        catch (Exception failure) when (!hasBegun)
        {
            using var telemetry = new ChangeTelemetry(operation, interfaceName, asked);
            telemetry.Failed(failure);
            throw;
        }
    }

    /// <summary>Runs what comes before a change that is made later.</summary>
    /// <inheritdoc cref="Prepare{T}"/>
    public static void Prepare(string operation, string interfaceName, Action step) => Prepare<object?>(operation, interfaceName, _ =>
    {
        step();
        return null;
    });

    /// <summary>The kernel was asked to swap, at a time stamp of <see cref="Stopwatch"/>.</summary>
    public static void Swapped(long since, string interfaceName) => Listeners.Tell(
        () => SwapDuration.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>(Interface, interfaceName)));

    /// <inheritdoc/>
    public void Dispose() => Listeners.Tell(() => _activity?.Dispose());
}
