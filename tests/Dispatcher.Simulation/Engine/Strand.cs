using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation.Engine;

/// <summary>One process in a run: its code stands still before each of its calls until it is let go on.</summary>
/// <param name="index">Its place in the run.</param>
/// <param name="process">Its process on the simulated kernel.</param>
/// <param name="code">What it does.</param>
/// <param name="meetsFaults">Whether its calls may fail.</param>
internal sealed class Strand(int index, SimProcess process, Action code, bool meetsFaults) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(0);
    private Step _granted;

    public int Index { get; } = index;

    public SimProcess Process { get; } = process;

    public Action Code { get; } = code;

    public bool MeetsFaults { get; } = meetsFaults;

    public string Name => Process.Name;

    /// <summary>The call it stands before; null: it has not begun, waits for a lock, or has ended.</summary>
    public SimCall? Pending { get; set; }

    /// <summary>What it waits for, or null.</summary>
    public Func<bool>? Blocker { get; set; }

    public bool HasBegun { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Whether the answer of the swap it is in gets lost.</summary>
    public bool LosesAnswer { get; set; }

    /// <summary>Errors and lost answers it met.</summary>
    public int Faults { get; set; }

    /// <summary>Digest of all it did and learned: the same digest means the same state of its code.</summary>
    public Digest History { get; set; }

    /// <summary>Whether it can go on now.</summary>
    public bool CanGo => !HasEnded && (Blocker is null || Blocker());

    /// <summary>Lets it take a step; it is waiting, or about to wait, for its turn.</summary>
    public void Grant(Step step)
    {
        _granted = step;
        _turn.Release();
    }

    /// <summary>Stands still until it is its turn.</summary>
    public Step AwaitTurn()
    {
        _turn.Wait();
        return _granted;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
