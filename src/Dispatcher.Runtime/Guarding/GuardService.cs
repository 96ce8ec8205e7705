using Dispatcher.Compiler;
using Dispatcher.Runtime.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Guarding;

/// <summary>A guard for as long as its host runs; what it reports is in the log.</summary>
/// <param name="dispatcher">Attaches, and watches.</param>
/// <param name="options">What belongs in the chain.</param>
/// <param name="logger">Told of every report.</param>
internal sealed class GuardService(XdpDispatcher dispatcher, XdpGuardOptions options, ILogger logger) : BackgroundService
{
    private readonly SteadyLogger _logger = new(logger);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var report in new XdpGuard(dispatcher, options).RunAsync(stoppingToken).ConfigureAwait(false))
            {
                GuardLog.Report(_logger, options.InterfaceName, report);
                Listeners.Tell(() => options.Reported?.Invoke(report));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: the chain stays as it is.
        }
        catch (DispatcherException failure)
        {
            GuardLog.Ended(_logger, options.InterfaceName, failure.Message);
        }
    }
}
