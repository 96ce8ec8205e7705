using System.Runtime.InteropServices;
using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Samples.Ids;

/// <summary>Tells of alerts of the program, and of who else is in the chain. The guard beside it attaches the program; here it is followed.</summary>
internal sealed partial class IdsService(
    XdpDispatcher dispatcher, ComponentProgram program, IdsOptions options, IdsMetrics metrics, IHostApplicationLifetime lifetime, ILogger<IdsService> logger)
    : BackgroundService
{
    private AlertReader? _reader;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Upgrade)
            await UpgradeAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in dispatcher.WatchAsync(options.Interface, cancellationToken: stoppingToken))
            {
                Tell(change);
                await FollowAsync(change.After, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(options.Interface);
        }
        catch (DispatcherException failure)
        {
            LogFailed(options.Interface, failure.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        finally
        {
            if (_reader is not null)
                await _reader.DisposeAsync();
        }
    }

    private async Task UpgradeAsync(CancellationToken stop)
    {
        using var running = await dispatcher.FindAsync(options.Interface, ComponentSelection.ByName(program.Name), stop);
        if (running is null)
            return;
        var before = running.Id;
        await running.ReplaceAsync(program, cancellationToken: stop);
        LogUpgraded(options.Interface, $"{before}", $"{running.Id}");
    }

    // Ours has another id when a newer process replaced it, or when the interface is a new one: then its maps are looked for again.
    private async Task FollowAsync(HookStatus? hook, CancellationToken stop)
    {
        var ours = hook?.Chain?.Programs.FirstOrDefault(found => found.Name == program.Name);
        if (ours is null || ours.Id == _reader?.Program)
            return;
        if (_reader is not null)
            await _reader.DisposeAsync();
        using var ids = await dispatcher.FindAsync(options.Interface, ComponentSelection.ById(ours.Id), stop);
        if (ids is null)
            return;
        using (var config = ids.OpenMap("ids_config"))
            config.Write(0U, new Thresholds((ulong)options.Window.TotalNanoseconds, options.Syns, options.ScannedPorts));
        metrics.Use(ids);
        _reader = new AlertReader(ids, Raise);
        LogReading(options.Interface, $"{ids.Id}");
    }

    private void Raise(Alert alert)
    {
        metrics.Count(alert);
        LogAlert(options.Interface, $"{alert}");
    }

    private void Tell(ChainEvent change)
    {
        if (change.Kind == ChainEventKind.Observed)
            LogFound(options.Interface, string.Join(", ", change.After?.Chain?.Programs.Select(found => $"{found.Name} ({found.Id})") ?? []));
        foreach (var joined in change.Joined)
            LogJoined(options.Interface, joined.Name, $"{joined.Id}", joined.Slot);
        foreach (var left in change.Left)
            LogLeft(options.Interface, left.Name, $"{left.Id}");
    }

    /// <summary><c>struct ids_config</c> of bpf/ids.bpf.c.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Thresholds(ulong WindowNs, uint Syns, uint Ports);

    [LoggerMessage(1, LogLevel.Warning, "{InterfaceName}: ALERT {Alert}")]
    private partial void LogAlert(string interfaceName, string alert);

    [LoggerMessage(2, LogLevel.Information, "{InterfaceName}: reads alerts of program {Id}")]
    private partial void LogReading(string interfaceName, string id);

    [LoggerMessage(3, LogLevel.Information, "{InterfaceName}: in the chain: {Programs}")]
    private partial void LogFound(string interfaceName, string programs);

    [LoggerMessage(4, LogLevel.Information, "{InterfaceName}: {Name} joined as program {Id} in slot {Slot}")]
    private partial void LogJoined(string interfaceName, string name, string id, int slot);

    [LoggerMessage(5, LogLevel.Information, "{InterfaceName}: {Name}, program {Id}, left")]
    private partial void LogLeft(string interfaceName, string name, string id);

    [LoggerMessage(6, LogLevel.Information, "{InterfaceName}: upgraded program {Before} to {After}, which has its maps")]
    private partial void LogUpgraded(string interfaceName, string before, string after);

    [LoggerMessage(7, LogLevel.Information, "{InterfaceName}: the IDS runs on without this process, and its alerts wait for the next one")]
    private partial void LogStopped(string interfaceName);

    [LoggerMessage(8, LogLevel.Critical, "{InterfaceName}: {Message}")]
    private partial void LogFailed(string interfaceName, string message);
}
