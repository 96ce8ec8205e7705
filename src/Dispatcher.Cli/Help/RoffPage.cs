using System.Globalization;
using System.Text;

namespace Dispatcher.Cli.Help;

/// <summary>A manual page as roff source with the macros of man(7). Text goes in as it is; what roff would take for itself is escaped here.</summary>
internal sealed class RoffPage
{
    private readonly StringBuilder _source = new();

    /// <summary>A page.</summary>
    /// <param name="title">Its name in capitals.</param>
    /// <param name="section">Section of the manual.</param>
    /// <param name="source">What the footer names, with version.</param>
    /// <param name="manual">What the header names.</param>
    public RoffPage(string title, int section, string source, string manual)
    {
        _source.Append(".\\\" Made by 'xdp-dispatch completion man'.\n");
        _source.Append(CultureInfo.InvariantCulture, $".TH \"{Escape(title)}\" {section} \"\" \"{Escape(source)}\" \"{Escape(manual)}\"\n");
        // Words stay whole and gaps even: names of options are copied from here.
        _source.Append(".nh\n.ad l\n");
    }

    /// <summary>A section.</summary>
    public void Heading(string title) => _source.Append(CultureInfo.InvariantCulture, $".SH \"{Escape(title)}\"\n");

    /// <summary>A part of a section.</summary>
    public void Subheading(string title) => _source.Append(CultureInfo.InvariantCulture, $".SS \"{Escape(title)}\"\n");

    /// <summary>A line with what the section is about; only below the heading NAME.</summary>
    public void Name(string name, string purpose) => _source.Append(CultureInfo.InvariantCulture, $"{Escape(name)} \\- {Escape(purpose)}\n");

    /// <summary>A paragraph.</summary>
    public void Text(string text) => _source.Append(CultureInfo.InvariantCulture, $".PP\n{Line(Escape(text))}");

    /// <summary>A command line that is not broken, with its first words as they are typed.</summary>
    /// <param name="literal">As it is typed.</param>
    /// <param name="rest">What the user puts in.</param>
    public void Usage(string literal, string rest) => _source.Append(CultureInfo.InvariantCulture, $".PP\n{Bold(literal)} {Escape(rest)}\n");

    /// <summary>A term and, indented, what it means.</summary>
    /// <param name="term">Made by <see cref="Bold"/>, <see cref="Italic"/> and <see cref="Escape"/>.</param>
    /// <param name="meaning">One or more sentences.</param>
    public void Term(string term, string meaning) => _source.Append(CultureInfo.InvariantCulture, $".TP\n{Line(term)}{Line(Escape(meaning))}");

    /// <summary>A command line, indented and not broken, below what it does.</summary>
    public void Example(string commandLine, string purpose) =>
        _source.Append(CultureInfo.InvariantCulture, $".PP\n{Line(Escape(purpose))}.RS 4\n.EX\n{Line(Escape(commandLine))}.EE\n.RE\n");

    /// <summary>Names of other pages, such as <c>bpf(2)</c>, as one paragraph.</summary>
    public void References(params (string Name, int Section)[] pages) =>
        _source.Append(".PP\n").AppendJoin(",\n", pages.Select(p => string.Create(CultureInfo.InvariantCulture, $"{Bold(p.Name)}({p.Section})"))).Append('\n');

    /// <summary>As it is typed.</summary>
    public static string Bold(string text) => $"\\fB{Escape(text)}\\fR";

    /// <summary>What something of the user's stands for.</summary>
    public static string Italic(string text) => $"\\fI{Escape(text)}\\fR";

    /// <summary>Text that roff prints as it is: hyphens that can be copied, straight quotes, no escapes.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => escaped.Append("\\e"),
                '-' => escaped.Append("\\-"),
                '\'' => escaped.Append("\\(aq"),
                '"' => escaped.Append("\\(dq"),
                '`' => escaped.Append("\\(ga"),
                '^' => escaped.Append("\\(ha"),
                '~' => escaped.Append("\\(ti"),
                > 126 => escaped.Append(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]"),
                _ => escaped.Append(rune),
            };
        }

        return escaped.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _source.ToString();

    // A dot at the start of a line would make it a request.
    private static string Line(string escaped) => $"{(escaped.StartsWith('.') ? "\\&" : "")}{escaped}\n";
}
