using System.Text.Json;
using Dispatcher.Cli.Errors;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Features;

namespace Dispatcher.Cli.Output;

/// <summary>Findings about the machine.</summary>
internal static class DoctorOutput
{
    private const int WordWidth = 7;
    private const int NarrowestText = 30;

    /// <summary>One line per check, and below it what to do, unless that was said before.</summary>
    public static void WriteText(CliConsole console, IReadOnlyList<DoctorFinding> findings)
    {
        // On a terminal text is broken beside its column; elsewhere a check is a line, and what to do is another.
        var width = findings.Select(f => f.Check.Length).DefaultIfEmpty().Max();
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            var (word, ink) = finding.Verdict switch
            {
                DoctorVerdict.Ok => ("ok", Ink.Good),
                DoctorVerdict.Warning => ("warning", Ink.Doubtful),
                _ => ("FAILED", Ink.Bad),
            };
            var errno = finding.ErrnoText is { } text ? $" [{Printable.Escape(text)}]" : "";
            var left = $"{console.Paint(word.PadRight(WordWidth), ink)}  {Printable.Escape(finding.Check).PadRight(width)}  ";
            WriteBeside(console, left, WordWidth + 2 + width + 2, Printable.Escape(finding.Found) + errno);
            if (AdviceOf(finding) is { } advice)
            {
                WriteBeside(
                    console, new string(' ', WordWidth + 2 + width + 2) + console.Paint("do: ", Ink.Quiet), WordWidth + 2 + width + 2 + 4,
                    given.Add(advice) ? Printable.Escape(advice) : "as above");
            }
        }

        console.Out.Write(Summary(findings) + "\n");
    }

    /// <summary>The object of <c>doctor --json</c>.</summary>
    public static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<DoctorFinding> findings)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", findings.All(f => f.Verdict != DoctorVerdict.Failed));
        writer.WriteStartArray("checks");
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("check", finding.Check);
            writer.WriteString("verdict", finding.Verdict switch
            {
                DoctorVerdict.Ok => "ok",
                DoctorVerdict.Warning => "warning",
                _ => "failed",
            });
            writer.WriteString("found", finding.Found);
            writer.WriteString("errno", finding.ErrnoText);
            writer.WriteString("advice", AdviceOf(finding));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string? AdviceOf(DoctorFinding finding) => finding.Advice is { } advice ? OptionWords.Of(advice) : null;

    private static void WriteBeside(CliConsole console, string left, int column, string text)
    {
        var width = console.IsTerminal ? Math.Max(console.Width - column, NarrowestText) : int.MaxValue;
        console.Out.Write(left + string.Join("\n" + new string(' ', column), TextWrap.Lines(text, width)) + "\n");
    }

    private static string Summary(IReadOnlyList<DoctorFinding> findings)
    {
        var failed = findings.Count(f => f.Verdict == DoctorVerdict.Failed);
        var warnings = findings.Count(f => f.Verdict == DoctorVerdict.Warning);
        var counts = $"{Counted.Of(findings.Count, "check")}, {Counted.Of(warnings, "warning")}, {failed} failed";
        return failed == 0 ? $"{counts}: this machine can share its interfaces." : $"{counts}: see what to do above.";
    }
}
