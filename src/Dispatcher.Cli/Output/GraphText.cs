using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Draws the way of a packet with characters: within the width of the console, with lines only where it can show them.</summary>
/// <param name="console">Where it is drawn.</param>
internal sealed class GraphText(CliConsole console)
{
    private const int NarrowestWidth = 40;
    private const int WidestBox = 60;
    private const string Margin = "  ";

    private readonly Strokes _strokes = console is { IsTerminal: true, HasUnicode: true } ? Strokes.Unicode : Strokes.Ascii;
    private readonly int _width = Math.Max(console.Width, NarrowestWidth);

    /// <summary>Draws several hooks, then in one line the interfaces without a program.</summary>
    public static void Write(CliConsole console, IReadOnlyList<HookStatus> hooks)
    {
        var drawing = new GraphText(console);
        var isFirst = true;
        foreach (var hook in hooks.Where(h => !h.IsEmpty))
        {
            if (!isFirst)
                console.Out.Write('\n');
            isFirst = false;
            drawing.WriteHook(hook);
        }

        var empty = hooks.Where(h => h.IsEmpty).Select(h => Printable.Escape(h.InterfaceName)).ToArray();
        if (empty.Length == 0)
            return;
        if (!isFirst)
            console.Out.Write('\n');
        drawing.WriteWrapped("", "", $"No XDP program on: {string.Join(", ", empty)}");
        drawing.WriteWrapped(Margin, Margin + Margin, $"packet {drawing._strokes.Arrow} {ChainGraph.NameOf(GraphEnd.Stack, "")}");
    }

    private void WriteHook(HookStatus hook)
    {
        var graph = ChainGraph.Of(hook);
        var interfaceName = Printable.Escape(hook.InterfaceName);
        WriteWrapped("", Margin, StatusText.Headline(hook));
        WriteWrapped(Margin, Margin, $"packet received on {interfaceName}");
        var inner = Math.Min(
            Math.Min(_width - Margin.Length - 4, WidestBox),
            graph.Steps.Max(step => Math.Max(step.Title.Length, step.FullDetails.Length)));
        WriteTrunk(null);
        foreach (var step in graph.Steps)
            WriteStep(step, inner, interfaceName);
        if (graph.Remark is { } remark)
            WriteWrapped("", "", remark);
    }

    private void WriteStep(GraphStep step, int inner, string interfaceName)
    {
        var (s, isLast) = (_strokes, step.Onward is null);
        if (!step.IsReached)
            WriteLine("");
        WriteLine($"{Margin}{s.TopLeft}{new string(s.Across, inner + 2)}{s.TopRight}");
        foreach (var line in Fit(step.Title, inner))
            WriteLine($"{Margin}{s.Down} {console.Paint(line, step.IsLost ? Ink.Bad : Ink.Strong)}{new string(' ', inner - line.Length)} {s.Down}");
        foreach (var line in Fit(step.FullDetails, inner))
            WriteLine($"{Margin}{s.Down} {line.PadRight(inner)} {s.Down}");
        WriteLine($"{Margin}{s.BottomLeft}{s.Across}{s.Branch}{new string(s.Across, inner)}{s.BottomRight}");

        var ending = step.Edges.Where(e => e.End != GraphEnd.Next).ToArray();
        for (var i = 0; i < ending.Length; i++)
        {
            var isEnd = isLast && i == ending.Length - 1;
            var remark = ending[i].Remark is { } text ? $" ({text})" : "";
            WriteWrapped(
                $"{Margin}  {(isEnd ? s.Corner : s.Fork)}{s.Across} ",
                $"{Margin}  {(isEnd ? ' ' : s.Down)}    ",
                $"{ending[i].Label} {s.Arrow} {ChainGraph.NameOf(ending[i].End, interfaceName)}{remark}");
        }

        if (step.Onward is { } onward)
            WriteTrunk(onward.Label);
    }

    private void WriteTrunk(string? label)
    {
        var stem = $"{Margin}  {_strokes.Down}";
        WriteLine(stem);
        if (label is not null)
            WriteWrapped(stem + " ", stem + "  ", label);
        WriteLine($"{Margin}  {_strokes.Tip}");
    }

    private void WriteWrapped(string first, string further, string text)
    {
        var lead = first;
        foreach (var line in Fit(text, _width - Math.Max(first.Length, further.Length)))
        {
            WriteLine(lead + line);
            lead = further;
        }
    }

    private void WriteLine(string line) => console.Out.Write(line + "\n");

    // Between words, and inside a word that is longer than the line.
    private static IEnumerable<string> Fit(string text, int width) =>
        TextWrap.Lines(text, width).SelectMany(line => line.Chunk(width)).Select(characters => new string(characters));

    /// <summary>The characters that lines are made of.</summary>
    private sealed record Strokes(
        char TopLeft, char TopRight, char BottomLeft, char BottomRight, char Across, char Down, char Branch, char Fork, char Corner, char Tip, string Arrow)
    {
        public static Strokes Unicode { get; } = new('╭', '╮', '╰', '╯', '─', '│', '┬', '├', '╰', '▼', "─▶");

        public static Strokes Ascii { get; } = new('+', '+', '+', '+', '-', '|', '+', '|', '`', 'v', "->");
    }
}
