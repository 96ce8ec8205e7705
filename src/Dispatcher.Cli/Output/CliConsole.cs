namespace Dispatcher.Cli.Output;

/// <summary>What a piece of text means to the reader; colours follow from it.</summary>
internal enum Ink
{
    /// <summary>Ordinary text.</summary>
    Plain,

    /// <summary>Headings.</summary>
    Strong,

    /// <summary>Ids and other handles.</summary>
    Handle,

    /// <summary>Less important.</summary>
    Quiet,

    /// <summary>Works.</summary>
    Good,

    /// <summary>Needs attention.</summary>
    Doubtful,

    /// <summary>Does not work.</summary>
    Bad,
}

/// <summary>Where answers and messages go, and what can be shown there.</summary>
internal sealed class CliConsole
{
    private const int DefaultWidth = 80;
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Answers.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether answers go to a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>Whether answers may have colour.</summary>
    public bool HasColour { get; init; }

    /// <summary>Whether messages go to a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>How long a request may take before its progress is shown, and between two showings.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether messages may have colour.</summary>
    public bool ErrorHasColour { get; init; }

    /// <summary>Whether box-drawing characters can be shown.</summary>
    public bool HasUnicode { get; init; } = true;

    /// <summary>Opens standard output for bytes.</summary>
    public Func<Stream> OpenBinaryOut { get; init; } = StandardOutput.Open;

    /// <summary>The console of this process.</summary>
    public static CliConsole OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var output = isTerminal ? Console.Out : new StreamWriter(StandardOutput.Open());
        var wantsColour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null);
        return new CliConsole
        {
            Out = output,
            Error = new MessageWriter(Console.Error, output),
            IsTerminal = isTerminal,
            Width = isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth,
            HasColour = isTerminal && wantsColour,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            ErrorHasColour = !Console.IsErrorRedirected && wantsColour,
            HasUnicode = IsUtf8Locale(),
        };
    }

    /// <summary>Text for <see cref="Out"/>, coloured where it may be.</summary>
    public string Paint(string text, Ink ink) => Paint(text, ink, HasColour);

    /// <summary>Text for <see cref="Error"/>, coloured where it may be.</summary>
    public string PaintError(string text, Ink ink) => Paint(text, ink, ErrorHasColour);

    private static string Paint(string text, Ink ink, bool hasColour)
    {
        var code = ink switch
        {
            Ink.Strong => "1",
            Ink.Handle => "36",
            Ink.Quiet => "90",
            Ink.Good => "32",
            Ink.Doubtful => "33",
            Ink.Bad => "31",
            _ => "",
        };
        return hasColour && code.Length > 0 ? $"\x1b[{code}m{text}\x1b[0m" : text;
    }

    private static bool IsUtf8Locale()
    {
        var locale = LocaleVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        return locale is not null && locale.Replace("-", "", StringComparison.Ordinal).EndsWith("utf8", StringComparison.OrdinalIgnoreCase);
    }
}
