namespace Dispatcher.Fuzzing.Coverage;

/// <summary>The branches that were instrumented.</summary>
/// <param name="types">Full name of the outermost type of each, by number.</param>
/// <param name="places">Source file, line and method of each, by number.</param>
internal sealed class BranchMap(string[] types, string[] places)
{
    /// <summary>Counts the branches of a reader, and those that have run.</summary>
    public (int Covered, int Total) Count(IFuzzTarget target)
    {
        var branches = BranchesOf(target).ToList();
        return (branches.Count(BranchCounter.HasRun), branches.Count);
    }

    /// <summary>Where the branches of a reader are that have not run.</summary>
    public IEnumerable<string> Missing(IFuzzTarget target) =>
        BranchesOf(target).Where(branch => !BranchCounter.HasRun(branch)).Select(branch => places[branch]);

    private IEnumerable<int> BranchesOf(IFuzzTarget target)
    {
        var covered = target.Covers.Select(type => type.FullName!).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(0, types.Length).Where(branch => covered.Contains(types[branch]));
    }
}
