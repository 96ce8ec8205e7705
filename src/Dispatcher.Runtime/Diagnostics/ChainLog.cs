using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Diagnostics;

/// <summary>What an operator reads in the log.</summary>
internal static partial class ChainLog
{
    [LoggerMessage(1, LogLevel.Debug, "{InterfaceName}: attempt {Attempt} lost a race and is made again: {Cause}")]
    public static partial void LostRace(ILogger logger, string interfaceName, int attempt, string cause);

    [LoggerMessage(2, LogLevel.Warning, "{InterfaceName}: the change is made, but {Step} failed; 'xdp-dispatch status' shows the chain")]
    public static partial void FailedAfterSwap(ILogger logger, Exception exception, string interfaceName, string step);
}
