using System.Text;

namespace Dispatcher.Testing;

/// <summary>A short unified diff for the message of a failed test.</summary>
public static class LineDiff
{
    private const int Context = 3;
    private const int MaxLines = 80;
    private const int MaxTable = 4_000_000;

    /// <summary>Lines that differ, with three lines around them; at most 80 lines.</summary>
    /// <param name="expected">Printed with <c>-</c>.</param>
    /// <param name="actual">Printed with <c>+</c>.</param>
    public static string Render(string expected, string actual)
    {
        var (a, b) = (expected.Split('\n'), actual.Split('\n'));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        var (endA, endB) = (a.Length, b.Length);
        while (endA > start && endB > start && a[endA - 1] == b[endB - 1])
            (endA, endB) = (endA - 1, endB - 1);

        var lines = new List<string>();
        for (var i = Math.Max(0, start - Context); i < start; i++)
            lines.Add("  " + a[i]);
        AddChanges(lines, a[start..endA], b[start..endB]);
        for (var i = endA; i < Math.Min(a.Length, endA + Context); i++)
            lines.Add("  " + a[i]);

        var text = new StringBuilder($"@@ line {start + 1} @@\n");
        foreach (var line in lines.Take(MaxLines))
            text.Append(line).Append('\n');
        if (lines.Count > MaxLines)
            text.Append($"... {lines.Count - MaxLines} more lines\n");
        return text.ToString();
    }

    private static void AddChanges(List<string> lines, string[] a, string[] b)
    {
        if ((long)a.Length * b.Length > MaxTable)
        {
            lines.AddRange(a.Select(l => "- " + l));
            lines.AddRange(b.Select(l => "+ " + l));
            return;
        }

        var common = CommonLengths(a, b);
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add("  " + a[i++]);
                j++;
            }
            else if (j == b.Length || i < a.Length && common[i + 1, j] >= common[i, j + 1])
            {
                lines.Add("- " + a[i++]);
            }
            else
            {
                lines.Add("+ " + b[j++]);
            }
        }
    }

    /// <summary>Length of the longest common subsequence of what follows each pair of places.</summary>
    private static int[,] CommonLengths(string[] a, string[] b)
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        return common;
    }
}
