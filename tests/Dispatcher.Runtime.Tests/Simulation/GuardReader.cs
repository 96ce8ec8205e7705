using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>Reads the reports of a guard of the only interface, one after the other.</summary>
internal sealed class GuardReader(Host host, XdpGuardOptions options) : IDisposable
{
    /// <summary>Attempts of the guards of tests.</summary>
    public const int MostAttempts = 3;

    private readonly IAsyncEnumerator<GuardReport> _reports = new XdpGuard(host.Library, options).RunAsync().GetAsyncEnumerator();

    /// <summary>Whether there is no further report.</summary>
    public bool HasEnded => !_reports.MoveNextAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>A guard of components with these names, without a look that nothing calls for.</summary>
    public static XdpGuardOptions Options(GuardPolicy policy, params ReadOnlySpan<string> names)
    {
        var options = new XdpGuardOptions
        {
            InterfaceName = NicName,
            Policy = policy,
            MostAttempts = MostAttempts,
            RetryDelay = TimeSpan.Zero,
            LookInterval = Timeout.InfiniteTimeSpan,
        };
        foreach (var name in names)
            options.Programs.Add(Component(name));
        return options;
    }

    /// <summary>The next report, which is of this kind.</summary>
    public GuardReport Next(GuardReportKind kind)
    {
        Assert.False(HasEnded);
        Assert.Equal(kind, _reports.Current.Kind);
        return _reports.Current;
    }

    /// <inheritdoc/>
    public void Dispose() => _reports.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
