using Dispatcher.Compiler;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Diagnostics;

/// <summary>What an operator reads in the log.</summary>
internal static partial class ChainLog
{
    [LoggerMessage(1, LogLevel.Debug, "{InterfaceName}: attempt {Attempt} lost a race and is made again: {Cause}")]
    public static partial void LostRace(ILogger logger, string interfaceName, int attempt, string cause);

    [LoggerMessage(2, LogLevel.Warning, "{InterfaceName}: the change is made, but {Step} failed; 'xdp-dispatch status' shows the chain")]
    public static partial void FailedAfterSwap(ILogger logger, Exception exception, string interfaceName, string step);

    [LoggerMessage(3, LogLevel.Warning, "{InterfaceName}: pins of an attempt that was undone stay behind; they are attached nowhere and harmless")]
    public static partial void UndoFailed(ILogger logger, Exception exception, string interfaceName);

    [LoggerMessage(4, LogLevel.Warning, "{InterfaceName}: whether the swap happened cannot be told, so the new pins stay; 'xdp-dispatch status' shows the chain")]
    public static partial void SwapUnclear(ILogger logger, Exception exception, string interfaceName);

    [LoggerMessage(5, LogLevel.Information, "{InterfaceName}: pins in {Path}: {Verdict}, {Reason}")]
    public static partial void Swept(ILogger logger, string interfaceName, string path, string verdict, string reason);

    [LoggerMessage(6, LogLevel.Information, "{InterfaceName}: {Operation} done in {Attempts} attempt(s): {Before} became {After}", SkipEnabledCheck = true)]
    public static partial void Changed(ILogger logger, string interfaceName, string operation, int attempts, string before, string after);

    [LoggerMessage(7, LogLevel.Information, "{InterfaceName}: put back as it was before the batch, which failed elsewhere: {IsDone}")]
    public static partial void PutBack(ILogger logger, string interfaceName, bool isDone);

    [LoggerMessage(8, LogLevel.Debug, "{InterfaceName}: nothing to {Operation}: {Hook} is as it was asked for", SkipEnabledCheck = true)]
    public static partial void NothingToDo(ILogger logger, string interfaceName, string operation, string hook);

    [LoggerMessage(9, LogLevel.Warning, "{InterfaceName}: the interface is gone, and its pins stay; 'xdp-dispatch clean' removes those that nothing uses")]
    public static partial void SweepFailed(ILogger logger, Exception exception, string interfaceName);

    /// <summary>What was swept, and what was left and why.</summary>
    public static void Swept(ILogger logger, string interfaceName, IEnumerable<SweptDirectory> swept)
    {
        foreach (var each in swept)
            Swept(logger, interfaceName, each.Path, each.Verdict == SweepVerdict.Removed ? "removed" : "kept", each.Reason);
    }

    /// <summary>A change was made, or found to be made already.</summary>
    public static void Changed(ILogger logger, string interfaceName, string operation, ChangeResult result)
    {
        var isChanged = result.Before.Attached != result.After.Attached || result.Before.Broken is not null;
        if (!isChanged && logger.IsEnabled(LogLevel.Debug))
            NothingToDo(logger, interfaceName, operation, Words(result.After));
        if (isChanged && logger.IsEnabled(LogLevel.Information))
            Changed(logger, interfaceName, operation, result.Attempts, Words(result.Before), Words(result.After));
    }

    private static string Words(HookStatus hook) => hook switch
    {
        { Chain: { } chain } => $"dispatcher {chain.DispatcherId} [{string.Join(", ", chain.Programs.Select(program => $"{program.Id} {Printable.Escape(program.Name)}"))}]",
        { Broken: { } broken } => $"broken dispatcher {broken.DispatcherId}",
        _ => "empty hook",
    };
}
