using System.Globalization;

namespace Dispatcher.Fuzzing;

/// <summary>What eng/fuzz passes on.</summary>
internal sealed record FuzzOptions
{
    /// <summary>How it is called, for a line that is wrong.</summary>
    public const string Usage =
        "usage: Dispatcher.Fuzzing [--minutes N | --executions N] [--seed N] [--reader NAME]... [--uncovered] [--out FOLDER]\n"
        + "       Dispatcher.Fuzzing --replay FILE | --rescue\n";

    private const long DefaultExecutions = 1_000_000;

    /// <summary>Of all readers together.</summary>
    public long Executions { get; private init; } = DefaultExecutions;

    /// <summary>Of all readers together.</summary>
    public TimeSpan Time { get; private init; } = TimeSpan.MaxValue;

    /// <summary>Repeats the choices of a run.</summary>
    public ulong Seed { get; private init; } = 1;

    /// <summary>Names; empty: all.</summary>
    public IReadOnlyList<string> Readers { get; private init; } = [];

    /// <summary>Whether to list branches that did not run.</summary>
    public bool ListsUncovered { get; private init; }

    /// <summary>Where findings go.</summary>
    public string Folder { get; private init; } = Path.Combine("artifacts", "fuzz");

    /// <summary>A case to run once.</summary>
    public string? Replay { get; private init; }

    /// <summary>Whether to make a case of the input that was running when the process before ended.</summary>
    public bool Rescues { get; private init; }

    /// <summary>Reads a command line. Null: it is wrong.</summary>
    public static FuzzOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new FuzzOptions();
        while (arguments is [var name, .. var rest])
        {
            var value = rest is [var next, ..] ? next : "";
            var changed = name switch
            {
                "--uncovered" => options with { ListsUncovered = true },
                "--rescue" => options with { Rescues = true },
                "--executions" when ReadNumber(value) is { } count => options with { Executions = count },
                "--minutes" when ReadNumber(value) is { } minutes => options with { Time = TimeSpan.FromMinutes(minutes), Executions = long.MaxValue },
                "--seed" when ReadNumber(value) is { } seed => options with { Seed = (ulong)seed },
                "--reader" when FuzzTargets.Find(value) is not null => options with { Readers = [.. options.Readers, value] },
                "--out" when value.Length > 0 => options with { Folder = value },
                "--replay" when value.Length > 0 => options with { Replay = value },
                _ => null,
            };
            if (changed is null)
                return null;
            options = changed;
            arguments = name is "--uncovered" or "--rescue" ? rest : rest[1..];
        }

        return options;
    }

    private static uint? ReadNumber(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
