using System.Collections.Immutable;
using System.Globalization;

namespace Dispatcher.Testing;

/// <summary>One line of the line protocol: what came of a command.</summary>
/// <param name="IsDone">It was carried out.</param>
/// <param name="Errno">Positive errno of a failure; 0 where none is told.</param>
/// <param name="Text">Words about a failure, or the text that ends the answer.</param>
/// <param name="Values">What was answered, by name.</param>
public sealed record LineAnswer(bool IsDone, int Errno, string Text, ImmutableDictionary<string, string> Values)
{
    private const string TextKey = " text=";

    /// <summary>An answer without values.</summary>
    public static LineAnswer Done { get; } = new(true, 0, "", ImmutableDictionary<string, string>.Empty);

    /// <summary>Something that failed.</summary>
    public static LineAnswer Failed(int errno, string text) => new(false, errno, text, ImmutableDictionary<string, string>.Empty);

    /// <summary>Reads one line: <c>ok</c> or <c>error</c>, words <c>name=value</c>, at last <c>text=</c> to the end.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static LineAnswer Read(string line)
    {
        var textAt = line.IndexOf(TextKey, StringComparison.Ordinal);
        var (head, text) = textAt < 0 ? (line, "") : (line[..textAt], line[(textAt + TextKey.Length)..].Trim());
        var words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["ok" or "error", ..])
            throw new FormatException($"Not an answer of the line protocol: '{line}'.");
        var values = words.Skip(1).Select(word => word.Split('=', 2)).ToImmutableDictionary(pair => pair[0], pair => pair[1]);
        var answer = new LineAnswer(words[0] == "ok", 0, text, values);
        return answer with { Errno = (int)answer.Number("errno") };
    }

    /// <summary>A number it answered; 0 when there is none of that name.</summary>
    public long Number(string key) => Value(key) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    /// <summary>A value it answered; empty when there is none of that name.</summary>
    public string Value(string key) => Values.GetValueOrDefault(key, "");

    /// <summary>This answer, or a failed test that shows it.</summary>
    public LineAnswer OrFail()
    {
        Assert.True(IsDone, $"errno {Errno}: {Text}");
        return this;
    }
}
