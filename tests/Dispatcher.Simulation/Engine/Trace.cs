using System.Globalization;
using System.Text;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation.Engine;

/// <summary>The calls of a run, a column for each process.</summary>
internal sealed class Trace
{
    private const int Width = 52;
    private readonly List<(int Strand, string Text)> _lines = [];

    /// <summary>Adds a step.</summary>
    public void Add(Step step, SimCall call)
    {
        var text = $"{call.Operation} {call.Arguments}".Replace("/sys/fs/bpf/xdp", "~", StringComparison.Ordinal).Trim();
        _lines.Add((step.Strand.Index, step.Disturbs ? $"{text} => {step}" : text));
    }

    /// <summary>Calls that others cannot notice are left out unless they fail: a person wants to see who meets whom.</summary>
    public string Render(IReadOnlyList<Strand> strands)
    {
        var text = new StringBuilder();
        text.Append("      ").AppendLine(string.Concat(strands.Select(strand => strand.Name.PadRight(Width))).TrimEnd());
        foreach (var (number, (strand, line)) in _lines.Index())
        {
            if (!Calls.IsShared(line[..((line + ' ').IndexOf(' ', StringComparison.Ordinal))]) && !line.Contains("=>", StringComparison.Ordinal))
                continue;
            var shown = line.Length < Width ? line : line[..(Width - 2)] + "…";
            text.AppendLine(CultureInfo.InvariantCulture, $"{number,5} {new string(' ', Width * strand)}{shown}");
        }

        return text.ToString();
    }
}
