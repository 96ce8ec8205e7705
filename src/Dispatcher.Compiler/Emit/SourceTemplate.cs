using System.Collections.Immutable;
using System.Reflection;
using System.Text;

namespace Dispatcher.Compiler.Emit;

/// <summary>A template in the notation of templates/README.md, read once and rendered often.</summary>
internal sealed class SourceTemplate
{
    private readonly ImmutableArray<Node> _nodes;

    private SourceTemplate(ImmutableArray<Node> nodes) => _nodes = nodes;

    /// <summary>Reads a template that is embedded in this assembly.</summary>
    /// <param name="file">File name below templates/.</param>
    public static SourceTemplate Load(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"templates/{file}")
            ?? throw new InvalidOperationException($"No template {file} is embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">A section that is not closed, or closed without being open.</exception>
    public static SourceTemplate Parse(string text)
    {
        ReadOnlySpan<string> lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var position = 0;
        var nodes = ParseNodes(lines, ref position, null);
        return new SourceTemplate(nodes);
    }

    /// <summary>The text with all values in place; lines end with LF.</summary>
    /// <exception cref="FormatException">A name that the values do not hold.</exception>
    public string Render(TemplateValues values)
    {
        var output = new StringBuilder();
        Render(_nodes, values, output);
        return output.ToString();
    }

    private static ImmutableArray<Node> ParseNodes(ReadOnlySpan<string> lines, ref int position, string? section)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        while (position < lines.Length)
        {
            var line = lines[position++];
            if (IsTag(line, '#', out var opened))
            {
                nodes.Add(new SectionNode(opened, ParseNodes(lines, ref position, opened)));
            }
            else if (IsTag(line, '/', out var closed))
            {
                if (closed != section)
                    throw new FormatException($"Template line {position} closes {closed}, but {section ?? "nothing"} is open.");
                return nodes.ToImmutable();
            }
            else
            {
                nodes.Add(new LineNode(ParseLine(line)));
            }
        }

        return section is null ? nodes.ToImmutable() : throw new FormatException($"Template section {section} is not closed.");
    }

    private static bool IsTag(string line, char sign, out string name)
    {
        var isTag = line.StartsWith("{{" + sign, StringComparison.Ordinal) && line.EndsWith("}}", StringComparison.Ordinal);
        name = isTag ? line[3..^2] : "";
        return isTag;
    }

    // Even parts are text, odd ones are names.
    private static ImmutableArray<string> ParseLine(string line)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var start = 0;
        while (line.IndexOf("{{", start, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = line.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
                throw new FormatException($"Template value is not closed: {line}");
            parts.Add(line[start..open]);
            parts.Add(line[(open + 2)..close]);
            start = close + 2;
        }

        parts.Add(line[start..]);
        return parts.ToImmutable();
    }

    private static void Render(ImmutableArray<Node> nodes, TemplateValues values, StringBuilder output)
    {
        foreach (var node in nodes)
        {
            if (node is SectionNode section)
            {
                foreach (var item in values.Section(section.Name))
                    Render(section.Nodes, item, output);
                continue;
            }

            var parts = ((LineNode)node).Parts;
            for (var i = 0; i < parts.Length; i++)
                output.Append(i % 2 == 0 ? parts[i] : values.Text(parts[i]));
            output.Append('\n');
        }
    }

    private abstract record Node;

    private sealed record LineNode(ImmutableArray<string> Parts) : Node;

    private sealed record SectionNode(string Name, ImmutableArray<Node> Nodes) : Node;
}
