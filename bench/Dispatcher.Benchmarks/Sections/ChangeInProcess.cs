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
        var costs = new List<(string What, int Length, ChangeCost Cost)>();
        for (var length = 1; length <= DispatcherLimits.MaxSlots; length++)
        {
            var (id, cost) = owner.Attach(path);
            ids.Push(id);
            costs.Add(("attach the k-th", length, cost));
        }

        for (var length = DispatcherLimits.MaxSlots; length > 0; length--)
            costs.Add(("detach one of k", length, owner.Detach(ids.Pop())));
        return
        [
            .. costs.Select(each => new Figure(new Subject(each.What, "ms", each.Length), each.Cost.Milliseconds)),
            .. costs.Select(each => new Figure(new Subject($"{each.What}, processor time", "ms", each.Length), each.Cost.ProcessorMilliseconds)),
        ];
    }
}
