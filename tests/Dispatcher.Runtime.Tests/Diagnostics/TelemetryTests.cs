using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Diagnostics;

/// <summary>What a host that listens hears of changes.</summary>
public sealed class TelemetryTests : IDisposable
{
    // Tests run beside each other in one process, and listeners hear all of them.
    private static readonly AsyncLocal<TelemetryTests?> Listening = new();

    private readonly World _world = new();
    private readonly MeterListener _listener = new();
    private readonly ActivityListener _activities;
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = [];
    private readonly List<Activity> _ended = [];
    private bool _isThrowing;

    public TelemetryTests()
    {
        Listening.Value = this;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == XdpDispatcherTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == XdpDispatcherTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Listening.Value == this)
                    _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    [Fact]
    public void A_change_is_measured_with_its_operation_and_interface()
    {
        Listening.Value = this;
        _world.Start().Attach(Component("firewall"), Component("ids"));

        Assert.Equal(1, Single("xdp.dispatcher.change.attempts").Value);
        Assert.Equal(2, Single("xdp.dispatcher.chain.length").Value);
        Assert.True(Single("xdp.dispatcher.change.duration").Value > 0);
        Assert.True(Single("xdp.dispatcher.lock.wait").Value >= 0);
        Assert.True(Single("xdp.dispatcher.swap.duration").Value > 0);
        Assert.DoesNotContain(_measured, each => each.Name == "xdp.dispatcher.change.conflicts");
        var tags = Single("xdp.dispatcher.change.duration").Tags;
        Assert.Equal(("attach", NicName), (tags["xdp.operation"], tags["network.interface.name"]));
        var activity = Assert.Single(_ended);
        Assert.Equal(("xdp.dispatcher.change", ActivityStatusCode.Ok, 2), (activity.OperationName, activity.Status, activity.GetTagItem("xdp.chain.length")));
    }

    [Fact]
    public void A_lost_race_is_a_conflict_and_an_event_of_the_trace()
    {
        Listening.Value = this;
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        _world.Before(host, nameof(IXdpHook.Swap), _ => peer.Attach());

        host.Attach(Component("ours", 20));

        Assert.Equal((1, 2), (Single("xdp.dispatcher.change.conflicts").Value, Single("xdp.dispatcher.change.attempts").Value));
        Assert.Equal("conflict", Assert.Single(Assert.Single(_ended).Events).Name);
    }

    [Fact]
    public void A_failure_is_measured_with_its_type()
    {
        Listening.Value = this;
        Assert.Throws<NotFoundException>(() => _world.Start().Apply(new ConvertRequest(DispatcherVersion.V3)));

        Assert.Equal(typeof(NotFoundException).FullName, Single("xdp.dispatcher.change.duration").Tags["error.type"]);
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_ended).Status);
        Assert.DoesNotContain(_measured, each => each.Name == "xdp.dispatcher.change.attempts");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_refused_before_it_begins_is_measured_once_too(bool isBatch)
    {
        Listening.Value = this;
        var request = new AttachRequest([Component("hardware")], new AttachOptions { Mode = AttachMode.Hw });
        if (isBatch)
            Assert.IsType<RefusedException>(_world.Start().Library.ApplyToAll([NicName], request, new BatchOptions(), CancellationToken.None).FirstFailure);
        else
            Assert.Throws<RefusedException>(() => _world.Start().Apply(request));

        var tags = Single("xdp.dispatcher.change.duration").Tags;
        Assert.Equal(("attach", NicName, typeof(RefusedException).FullName), (tags["xdp.operation"], tags["network.interface.name"], tags["error.type"]));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_ended).Status);
    }

    [Fact]
    public void Listeners_and_loggers_that_throw_change_nothing()
    {
        using var broken = new MeterListener { InstrumentPublished = _listener.InstrumentPublished };
        broken.SetMeasurementEventCallback<double>((_, _, _, _) => Throw());
        broken.SetMeasurementEventCallback<int>((_, _, _, _) => Throw());
        broken.SetMeasurementEventCallback<long>((_, _, _, _) => Throw());
        broken.Start();
        using var activities = new ActivityListener
        {
            ShouldListenTo = _activities.ShouldListenTo,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => Throw(),
            ActivityStopped = _ => Throw(),
        };
        ActivitySource.AddActivityListener(activities);
        Listening.Value = this;
        _isThrowing = true;
        var peer = new Peer(_world, Component("peer", 10));
        var host = _world.Start();
        host.LogFails = true;
        _world.Before(host, nameof(IXdpHook.Swap), _ => peer.Attach());

        var result = host.Attach(Component("ours", 20));

        _isThrowing = false;
        Assert.Equal(["peer", "ours"], _world.Run());
        Assert.Equal(2, result.Attempts);
        peer.Finish();
        ChainCheck.AssertCarries(_world, ["peer", "ours"]);
        ChainCheck.AssertOnlyLivePins(_world);

        // Other tests, whose listeners these are too, are left alone.
        void Throw()
        {
            if (_isThrowing && Listening.Value == this)
                throw new InvalidOperationException("a listener that fails");
        }
    }

    [Fact]
    public void The_operator_reads_what_changed()
    {
        var host = _world.Start();
        host.Attach(Component("firewall"));
        var chain = host.Status().Chain!;
        Assert.Contains(
            $"{NicName}: attach done in 1 attempt(s): empty hook became dispatcher {chain.DispatcherId} [{chain.Programs[0].Id} firewall]", host.LogLines);

        host.Attach([Component("firewall")], new AttachOptions { IfPresent = PresentProgram.Keep });
        Assert.Contains($"{NicName}: nothing to attach: dispatcher {chain.DispatcherId} [{chain.Programs[0].Id} firewall] is as it was asked for", host.LogLines);
        Assert.Single(host.LogLines, line => line.Contains(" done in ", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _activities.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Listening.Value == this)
            _measured.Add((instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
    }

    private (string Name, double Value, Dictionary<string, object?> Tags) Single(string name) => Assert.Single(_measured, each => each.Name == name);
}
