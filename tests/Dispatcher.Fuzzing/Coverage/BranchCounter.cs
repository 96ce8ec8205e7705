namespace Dispatcher.Fuzzing.Coverage;

/// <summary>Notes which branches run; <see cref="Instrumenter"/> puts calls of it into the assemblies.</summary>
public static class BranchCounter
{
    /// <summary>More than src has.</summary>
    internal const int MaxBranches = 1 << 16;

    private static readonly bool[] Seen = new bool[MaxBranches];
    private static bool _hasNew;

    /// <summary>Called at a branch.</summary>
    /// <param name="branch">Its number.</param>
    public static void Hit(int branch)
    {
        if (Seen[branch])
            return;
        Seen[branch] = true;
        _hasNew = true;
    }

    /// <summary>Whether a branch has run since the last call that had not run before.</summary>
    internal static bool TakeNew()
    {
        var hadNew = _hasNew;
        _hasNew = false;
        return hadNew;
    }

    /// <summary>Whether this branch has run.</summary>
    internal static bool HasRun(int branch) => Seen[branch];

    /// <summary>Forgets all.</summary>
    internal static void Reset()
    {
        Array.Clear(Seen);
        _hasNew = false;
    }
}
