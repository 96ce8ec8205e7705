using Dispatcher.Testing;
using Dispatcher.Interop.Tests.Actors;

namespace Dispatcher.Interop.Tests.Races;

/// <summary>Actors that start a command at the same instant.</summary>
/// <param name="actors">Owned.</param>
internal sealed class Crowd(IReadOnlyList<LineActor> actors) : IDisposable
{
    // Long enough that all of them have read their command by then.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(150);

    /// <summary>All carry out one command.</summary>
    public IReadOnlyList<LineAnswer> AtOnce(string command) => AtOnce(_ => command);

    /// <summary>Each carries out its own command.</summary>
    /// <param name="commandOf">The command of the actor of this index.</param>
    /// <returns>The answers, in the order of the actors.</returns>
    public IReadOnlyList<LineAnswer> AtOnce(Func<int, string> commandOf)
    {
        foreach (var actor in actors)
            actor.WaitUntilReady();
        var moment = LineActor.MomentIn(Lead);
        for (var index = 0; index < actors.Count; index++)
            actors[index].Say($"at {moment} {commandOf(index)}");
        return [.. actors.Select(actor => actor.Hear())];
    }

    public void Dispose()
    {
        foreach (var actor in actors)
            actor.Dispose();
    }
}
