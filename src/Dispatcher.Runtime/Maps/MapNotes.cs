using System.Collections.Immutable;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Maps;

/// <summary>What becomes of maps when a component is replaced.</summary>
internal static class MapNotes
{
    /// <summary>The remarks; none when neither version has a map with a name.</summary>
    /// <param name="maps">After it chose.</param>
    public static ImmutableArray<ChangeNote> Of(MapTakeover maps)
    {
        var notes = ImmutableArray.CreateBuilder<ChangeNote>();
        if (maps.Taken.Count > 0)
            notes.Add(new(ChangeNoteKind.MapsTakenOver, $"maps that go on with their contents: {Names(maps.Taken)}"));
        if (maps.New.Count > 0)
            notes.Add(new(ChangeNoteKind.MapsBeginEmpty, $"maps that begin empty: {Names(maps.New)}"));
        foreach (var name in maps.Left)
        {
            notes.Add(new(
                ChangeNoteKind.MapLeft,
                $"map '{Printable.Escape(name)}' of the old program has no successor: its contents are gone unless somebody else holds it"));
        }

        return notes.ToImmutable();
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => Printable.Escape(name)));
}
