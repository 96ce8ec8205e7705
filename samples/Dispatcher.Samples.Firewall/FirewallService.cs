using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Samples.Firewall;

/// <summary>Keeps the firewall in the chain and its list of ports as the operator wants it. When the process ends, the program runs on.</summary>
internal sealed partial class FirewallService(
    XdpDispatcher dispatcher, ComponentProgram program, FirewallOptions options, PortList ports, IHostApplicationLifetime lifetime, ILogger<FirewallService> logger)
    : BackgroundService
{
    private readonly ComponentSelection _ours = ComponentSelection.ByName(program.Name);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (options.Upgrade)
                await UpgradeAsync(stoppingToken);
            var reporting = ReportAsync(stoppingToken);
            await GuardAsync(stoppingToken);
            await reporting;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogDrops();
            LogStopped(options.Interface);
        }
        catch (DispatcherException failure)
        {
            LogFailed(options.Interface, failure.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    // Another process may run the old version: its guard sees that the program has a successor.
    private async Task UpgradeAsync(CancellationToken stop)
    {
        using var running = await dispatcher.FindAsync(options.Interface, _ours, stop);
        if (running is null)
            return;
        var before = running.Id;
        await running.ReplaceAsync(program, cancellationToken: stop);
        LogUpgraded(options.Interface, $"{before}", $"{running.Id}");
    }

    // Whoever put the program there, this guard, an earlier process or a newer one: its map is the list to keep.
    private async Task GuardAsync(CancellationToken stop)
    {
        var guard = new XdpGuard(dispatcher, new XdpGuardOptions { InterfaceName = options.Interface, Programs = { program } });
        await foreach (var report in guard.RunAsync(stop))
        {
            LogGuard(options.Interface, report.Message);
            if (report.Kind is not (GuardReportKind.InPlace or GuardReportKind.Restored or GuardReportKind.Superseded))
                continue;
            using var firewall = await dispatcher.FindAsync(options.Interface, _ours, stop);
            if (firewall is null)
                continue;
            ports.Use(firewall);
            LogBlocking(options.Interface, $"{firewall.Id}", string.Join(", ", ports.Drops().Select(drop => drop.Port)));
        }
    }

    private async Task ReportAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Report);
        while (await timer.WaitForNextTickAsync(stop))
            LogDrops();
    }

    private void LogDrops()
    {
        foreach (var (port, packets) in ports.Drops())
            LogDropped(options.Interface, packets, $"{port}");
    }

    [LoggerMessage(1, LogLevel.Information, "{InterfaceName}: program {Id} blocks {Ports}")]
    private partial void LogBlocking(string interfaceName, string id, string ports);

    [LoggerMessage(2, LogLevel.Information, "{InterfaceName}: dropped {Packets} to {Port}")]
    private partial void LogDropped(string interfaceName, long packets, string port);

    [LoggerMessage(3, LogLevel.Information, "{InterfaceName}: upgraded program {Before} to {After}, which has its maps")]
    private partial void LogUpgraded(string interfaceName, string before, string after);

    [LoggerMessage(4, LogLevel.Information, "{InterfaceName}: guard: {Message}")]
    private partial void LogGuard(string interfaceName, string message);

    [LoggerMessage(5, LogLevel.Information, "{InterfaceName}: the firewall runs on without this process")]
    private partial void LogStopped(string interfaceName);

    [LoggerMessage(6, LogLevel.Critical, "{InterfaceName}: {Message}")]
    private partial void LogFailed(string interfaceName, string message);
}
