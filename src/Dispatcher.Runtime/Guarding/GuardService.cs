using Dispatcher.Compiler;
using Dispatcher.Runtime.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Guarding;

/// <summary>A guard for as long as its host runs; what it reports is in the log.</summary>
/// <param name="dispatcher">Attaches, and watches.</param>
/// <param name="options">What belongs in the chain.</param>
/// <param name="logger">Told of every report.</param>
/// <param name="lifetime">Of the host; null: there is none to stop.</param>
internal sealed class GuardService(XdpDispatcher dispatcher, XdpGuardOptions options, ILogger logger, IHostApplicationLifetime? lifetime = null)
    : BackgroundService
{
    private readonly SteadyLogger _logger = new(logger);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var guard = new XdpGuard(dispatcher, options) { Stopped = Tell };
            await foreach (var report in guard.RunAsync(stoppingToken).ConfigureAwait(false))
                Tell(report);
            StopHost();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: the guard has done what its options say.
        }
        catch (DispatcherException failure)
        {
            GuardLog.Ended(_logger, options.InterfaceName, failure.Message);
            StopHost();
        }
    }

    private void StopHost()
    {
        if (!options.StopHostWhenEnded)
            return;
        if (Environment.ExitCode == 0)
            Environment.ExitCode = 1;
        lifetime?.StopApplication();
    }

    private void Tell(GuardReport report)
    {
        GuardLog.Report(_logger, report.Cause?.InterfaceName ?? options.InterfaceName, report);
        Listeners.Tell(() => options.Reported?.Invoke(report));
    }
}
