using System.Text;
using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Help;

/// <summary>A page of help: its lines are broken at the width of the terminal.</summary>
/// <param name="console">Its width and colours.</param>
internal sealed class HelpPage(CliConsole console)
{
    private const int Indent = 2;
    private const int WidestFirstColumn = 26;
    private const int WidestLine = 100;
    private const int NarrowestLine = 50;

    private readonly StringBuilder _text = new();
    private readonly int _width = Math.Clamp(console.Width, NarrowestLine, WidestLine);

    /// <summary>An empty line.</summary>
    public void Blank() => _text.Append('\n');

    /// <summary>A heading, after an empty line.</summary>
    public void Heading(string title) => _text.Append($"\n{console.Paint(title, Ink.Strong)}\n");

    /// <summary>A line that is not broken.</summary>
    public void Line(string text) => _text.Append(' ', Indent).Append(text).Append('\n');

    /// <summary>A paragraph.</summary>
    public void Text(string text)
    {
        foreach (var line in TextWrap.Lines(text, _width))
            _text.Append(line).Append('\n');
    }

    /// <summary>A command line and what it does.</summary>
    public void Example(string commandLine, string purpose) =>
        _text.Append(' ', Indent).Append($"{CliDefinition.ToolName} {commandLine}\n").Append(' ', 3 * Indent).Append($"{console.Paint(purpose, Ink.Quiet)}\n");

    /// <summary>Rows of two columns.</summary>
    public void Rows(IEnumerable<(string First, string Second)> rows)
    {
        var all = rows.ToArray();
        var widest = all.Select(r => r.First.Length).Where(length => length <= WidestFirstColumn).DefaultIfEmpty().Max();
        foreach (var (first, second) in all)
            Row(first, second, Indent + widest + Indent);
    }

    private void Row(string first, string second, int start)
    {
        _text.Append(' ', Indent).Append(first);
        if (Indent + first.Length + Indent > start)
            _text.Append('\n').Append(' ', start);
        else
            _text.Append(' ', start - Indent - first.Length);
        _text.AppendJoin('\n' + new string(' ', start), TextWrap.Lines(second, _width - start)).Append('\n');
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
