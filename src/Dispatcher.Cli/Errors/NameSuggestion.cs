namespace Dispatcher.Cli.Errors;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class NameSuggestion
{
    private const int ShortestPrefix = 5;

    /// <summary>The closest other name, or null when none is close.</summary>
    public static string? Closest(string typed, IEnumerable<string> names)
    {
        var limit = Math.Max(1, typed.Length / 3);
        return names
            .Select(name => (Name: name, Distance: Distance(typed, name)))
            .Where(candidate => candidate.Distance > 0 && (candidate.Distance <= limit || IsLongForm(typed, candidate.Name)))
            .OrderBy(candidate => candidate.Distance)
            .ThenByDescending(candidate => candidate.Name.AsSpan().CommonPrefixLength(typed))
            .ThenBy(candidate => Math.Abs(candidate.Name.Length - typed.Length))
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    // As --priority of --prio.
    private static bool IsLongForm(string typed, string name) => name.Length >= ShortestPrefix && (typed.StartsWith(name, StringComparison.Ordinal) || name.StartsWith(typed, StringComparison.Ordinal));

    // Edits (insert, delete, exchange, swap of neighbours) from one text to the other.
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var exchange = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(exchange, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[from.Length, to.Length];
    }
}
