using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Diagnostics;

/// <summary>What an operator reads of a guard.</summary>
internal static partial class GuardLog
{
    [LoggerMessage(20, LogLevel.Information, "{InterfaceName}: guard: {Message}")]
    public static partial void Found(ILogger logger, string interfaceName, string message);

    [LoggerMessage(21, LogLevel.Warning, "{InterfaceName}: guard: {Message}")]
    public static partial void Warned(ILogger logger, string interfaceName, string message);

    [LoggerMessage(22, LogLevel.Error, "{InterfaceName}: guard: {Message}")]
    public static partial void GaveUp(ILogger logger, string interfaceName, string message);

    [LoggerMessage(23, LogLevel.Error, "{InterfaceName}: the guard ended, and the chain is watched no more: {Message}")]
    public static partial void Ended(ILogger logger, string interfaceName, string message);

    /// <summary>Writes a report as severe as it is.</summary>
    public static void Report(ILogger logger, string interfaceName, GuardReport report)
    {
        switch (report.Kind)
        {
            case GuardReportKind.Restored when report.Cause is { Kind: not ChainEventKind.InterfaceAppeared }:
                Warned(logger, interfaceName, report.Message);
                break;
            case GuardReportKind.InPlace or GuardReportKind.Restored or GuardReportKind.Superseded or GuardReportKind.Detached:
                Found(logger, interfaceName, report.Message);
                break;
            case GuardReportKind.GaveUp:
                GaveUp(logger, interfaceName, report.Message);
                break;
            default:
                Warned(logger, interfaceName, report.Message);
                break;
        }
    }
}
