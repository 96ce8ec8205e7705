using System.Collections.Immutable;
using System.Globalization;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>What came of one command.</summary>
/// <param name="IsDone">It was carried out.</param>
/// <param name="Errno">Positive errno of a failure; 0 where the actor tells none.</param>
/// <param name="Text">The actor's own words about a failure, or the text it ends its answer with.</param>
/// <param name="Values">What it answered, by name.</param>
internal sealed record ActorAnswer(bool IsDone, int Errno, string Text, ImmutableDictionary<string, string> Values)
{
    private const string TextKey = " text=";

    /// <summary>Ids of the programs attached, in the order of the request.</summary>
    public IReadOnlyList<uint> Ids => Value("ids") is { Length: > 0 } ids ? [.. ids.Split(',').Select(Parse)] : [];

    /// <summary>Attempts that a change took; 0 where the actor tells none.</summary>
    public int Attempts => (int)Number("attempts");

    /// <summary>Mode of the hook that was listed; <c>-</c> when it is empty.</summary>
    public string Mode => Value("mode");

    /// <summary>Program id of the dispatcher that was listed; 0 when there is none.</summary>
    public uint Dispatcher => Number("dispatcher");

    /// <summary>The programs that were listed, in running order.</summary>
    public IReadOnlyList<ListedProgram> Programs =>
        Value("programs") is { Length: > 0 } programs ? [.. programs.Split(';').Select(ReadProgram)] : [];

    /// <summary>An answer without values.</summary>
    public static ActorAnswer Done { get; } = new(true, 0, "", ImmutableDictionary<string, string>.Empty);

    /// <summary>Something that failed.</summary>
    public static ActorAnswer Failed(int errno, string text) => new(false, errno, text, ImmutableDictionary<string, string>.Empty);

    /// <summary>Reads one line of the protocol: <c>ok</c> or <c>error</c>, words <c>name=value</c>, at last <c>text=</c> to the end.</summary>
    public static ActorAnswer Read(string line)
    {
        var textAt = line.IndexOf(TextKey, StringComparison.Ordinal);
        var (head, text) = textAt < 0 ? (line, "") : (line[..textAt], line[(textAt + TextKey.Length)..].Trim());
        var words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["ok" or "error", ..])
            throw new FormatException($"Not an answer of the line protocol: '{line}'.");
        var values = words.Skip(1).Select(word => word.Split('=', 2)).ToImmutableDictionary(pair => pair[0], pair => pair[1]);
        var answer = new ActorAnswer(words[0] == "ok", 0, text, values);
        return answer with { Errno = (int)answer.Number("errno") };
    }

    /// <summary>A number it answered; 0 when there is none of that name.</summary>
    public uint Number(string key) => Value(key) is { Length: > 0 } text ? Parse(text) : 0;

    /// <summary>A value it answered; empty when there is none of that name.</summary>
    public string Value(string key) => Values.GetValueOrDefault(key, "");

    /// <summary>This answer, or a failed test that shows it.</summary>
    public ActorAnswer OrFail()
    {
        Assert.True(IsDone, $"errno {Errno}: {Text}");
        return this;
    }

    private static uint Parse(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static ListedProgram ReadProgram(string text)
    {
        var parts = text.Split(':');
        return new ListedProgram(Parse(parts[0]), parts[1], Parse(parts[2]), parts[3], parts[4]);
    }
}
