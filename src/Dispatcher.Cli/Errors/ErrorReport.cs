using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Errors;

/// <summary>An error as the user sees it.</summary>
/// <param name="Kind">Stable name in JSON.</param>
/// <param name="ExitCode">How the tool ends.</param>
/// <param name="Message">What happened; control characters escaped.</param>
/// <param name="Hint">What to do next, or null.</param>
/// <param name="Log">Log of the verifier or of libbpf, for -v; or null.</param>
/// <param name="Trace">Where an unexpected error comes from, for -v; or null.</param>
internal sealed record ErrorReport(string Kind, ExitCode ExitCode, string Message, string? Hint, string? Log, string? Trace)
{
    /// <summary>What is on the hook and not ours, when that is the error.</summary>
    public ForeignProgram? Foreign { get; private init; }

    private const string ReportAdvice =
        "this is a defect of xdp-dispatch; please report it with the output of the same command with -v and of 'xdp-dispatch doctor --json'";

    /// <summary>Describes an error.</summary>
    public static ErrorReport Of(Exception exception)
    {
        if (exception is HintedException hinted)
            return Of(hinted.InnerException!) with { Hint = hinted.Hint };
        var (kind, code) = ExitCodes.Of(exception);
        return kind switch
        {
            "internal" => new ErrorReport(
                kind, code, EscapeLines($"unexpected {exception.GetType().Name}: {exception.Message}"), ReportAdvice, null, exception.ToString()),
            "interrupted" => new ErrorReport(
                kind, code, "interrupted", null, null, null),
            _ => new ErrorReport(
                kind, code, EscapeLines(OptionWords.Of(exception.Message)), (exception as UsageException)?.Hint, FindLog(exception), null)
            { Foreign = (exception as ForeignProgramException)?.Program },
        };
    }

    private static string? FindLog(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            var log = exception switch
            {
                VerifierException verifier => verifier.Log,
                ComponentException component => component.Log,
                _ => null,
            };
            if (!string.IsNullOrWhiteSpace(log))
                return log;
        }

        return null;
    }

    private static string EscapeLines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => Printable.Escape(line.TrimEnd('\r'))));
}
