using Dispatcher.Benchmarks.Changes;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Changes of a chain by processes that stay, as an application makes them.</summary>
internal sealed class ChangeInProcess : Section
{
    /// <inheritdoc/>
    public override string Name => "change";

    /// <inheritdoc/>
    public override string Title => "Per change, in a process that stays (limit: the fewest system calls, nothing read, all made beforehand)";

    /// <inheritdoc/>
    public override Place Place => Place.Vm;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        var owners = ChainOwner.All(bench, withLimit: true);
        try
        {
            var rows = Contest.Run(Title, bench.Rounds(15), [.. owners.Select(owner => new Contender(owner.Role, owner.Name, () => UpAndDown(owner, bench.PassObject)))]);
            bench.Notes.AddRange(ChangeProfile.Take(bench, owners).Select(profile => new Note(Name, profile.Heading, profile.Lines)));
            return rows;
        }
        finally
        {
            owners.ForEach(owner => owner.Dispose());
        }
    }

    private static IEnumerable<Figure> UpAndDown(ChainOwner owner, string path)
    {
        var ids = new Stack<long>();
        for (var length = 1; length <= DispatcherLimits.MaxSlots; length++)
        {
            var (id, time) = owner.Attach(path);
            ids.Push(id);
            yield return new Figure(new Subject("attach the k-th", "ms", length), time.TotalMilliseconds);
        }

        for (var length = DispatcherLimits.MaxSlots; length > 0; length--)
            yield return new Figure(new Subject("detach one of k", "ms", length), owner.Detach(ids.Pop()).TotalMilliseconds);
    }
}
