using Dispatcher.Cli.Output;
using Dispatcher.Compiler;

namespace Dispatcher.Cli.Errors;

/// <summary>Prints errors: text for people on standard error, and with --json an object on standard output as well.</summary>
internal static class ErrorOutput
{
    /// <summary>Prints one error.</summary>
    public static void Write(ErrorReport report, CliConsole console, bool json, bool verbose)
    {
        report = WithHintOfDetails(report, verbose);
        console.Error.WriteLine($"{console.PaintError("xdp-dispatch:", Ink.Bad)} {report.Message}");
        if (report.Hint is { } hint)
            console.Error.WriteLine($"{console.PaintError("hint:", Ink.Quiet)} {Printable.Escape(hint)}");
        if (verbose)
            WriteDetails(report, console);
        if (json)
            WriteJson(report, console, verbose);
    }

    private static ErrorReport WithHintOfDetails(ErrorReport report, bool verbose)
    {
        if (verbose || (report.Log is null && report.Trace is null) || report.Message.Contains(" -v", StringComparison.Ordinal))
            return report;
        var details = $"-v prints the whole {(report.Log is not null ? "log" : "trace")}";
        return report with { Hint = report.Hint is { } hint ? $"{hint}; {details}" : details };
    }

    private static void WriteDetails(ErrorReport report, CliConsole console)
    {
        if (report.Log is { } log)
        {
            console.Error.WriteLine("--- log ---");
            foreach (var line in log.TrimEnd('\n', '\0').Split('\n'))
                console.Error.WriteLine(Printable.Escape(line.Replace("\t", "    ", StringComparison.Ordinal)));
            console.Error.WriteLine("--- end of log ---");
        }

        if (report.Trace is { } trace)
            console.Error.WriteLine(trace);
    }

    private static void WriteJson(ErrorReport report, CliConsole console, bool verbose)
    {
        try
        {
            JsonAnswer.Write(console, writer => WriteJson(report, writer, verbose));
            console.Out.Flush();
        }
        catch (IOException)
        {
            // Standard output cannot be written, which may be the very error: it stands on standard error.
        }
    }

    private static void WriteJson(ErrorReport report, System.Text.Json.Utf8JsonWriter writer, bool verbose)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("kind", report.Kind);
        writer.WriteString("message", report.Message);
        writer.WriteNumber("exitCode", (int)report.ExitCode);
        if (report.Hint is { } hint)
            writer.WriteString("hint", hint);
        if (report.Foreign is { } foreign)
            StatusJson.WriteForeign(writer, foreign);
        if (verbose && report.Log is { } log)
            writer.WriteString("log", log);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
