using System.Globalization;
using System.Text;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Writes the way of a packet as a Mermaid flowchart in a fence, for a page of Markdown.</summary>
internal sealed class GraphMermaid
{
    private const string LineBreak = "<br/>";
    private readonly StringBuilder _chart = new();

    /// <summary>The flowchart of several hooks, each in a frame of its own; those without a program are named together.</summary>
    public static string Render(IReadOnlyList<HookStatus> hooks)
    {
        var writer = new GraphMermaid();
        writer._chart.Append("```mermaid\nflowchart TD\n");
        foreach (var (number, hook) in hooks.Where(hook => !hook.IsEmpty).Index())
            writer.AppendHook(hook, string.Create(CultureInfo.InvariantCulture, $"hook{number}"));
        var empty = hooks.Where(hook => hook.IsEmpty).Select(hook => Printable.Escape(hook.InterfaceName)).ToArray();
        if (empty.Length > 0)
            writer.Append($"  empty>\"{Quote($"No XDP program on: {string.Join(", ", empty)}")}\"]");
        return writer._chart.Append("```\n").ToString();
    }

    /// <summary>Text for a label in quotes: whatever could mean something to Mermaid, Markdown or HTML as the number of its character.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value > 126 || Rune.IsLetterOrDigit(rune) || " _-.,:()/".Contains((char)rune.Value, StringComparison.Ordinal))
                quoted.Append(rune);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }

        return quoted.ToString();
    }

    private void AppendHook(HookStatus hook, string id)
    {
        var graph = ChainGraph.Of(hook);
        var interfaceName = Printable.Escape(hook.InterfaceName);
        Append($"  subgraph {id}[\"{Quote(StatusText.Headline(hook))}\"]");
        Append($"    {id}_in([\"packet received on {Quote(interfaceName)}\"])");
        for (var i = 0; i < graph.Steps.Count; i++)
        {
            var step = graph.Steps[i];
            var node = $"{id}_{i}";
            Append($"    {node}[\"{Quote(step.Title)}{LineBreak}{Quote(step.FullDetails)}\"]");
            if (i == 0)
                Append($"    {id}_in --> {node}");
            foreach (var edge in step.Edges)
            {
                var remark = edge.Remark is null ? "" : $"{LineBreak}({Quote(edge.Remark)})";
                var end = edge.End == GraphEnd.Next ? $"{i + 1}" : $"{edge.End}";
                Append($"    {node} -->|\"{Quote(edge.Label)}{remark}\"| {id}_{end}");
            }
        }

        foreach (var end in Ends(graph))
            Append($"    {id}_{end}([\"{Quote(ChainGraph.NameOf(end, interfaceName))}\"])");
        if (graph.Remark is { } text)
            Append($"    {id}_remark>\"{Quote(text)}\"]");
        Append("  end");
    }

    private static IEnumerable<GraphEnd> Ends(ChainGraph graph) =>
        graph.Steps.SelectMany(step => step.Edges).Select(edge => edge.End).Where(end => end != GraphEnd.Next).Distinct().Order();

    private void Append(string line) => _chart.Append(line).Append('\n');
}
