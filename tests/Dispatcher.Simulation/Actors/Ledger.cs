using Dispatcher.Runtime;
using Dispatcher.Simulation.Engine;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.Simulation.Actors;

/// <summary>One request of one process, and what came of it.</summary>
/// <param name="Strand">Who asked.</param>
/// <param name="Intent">For what.</param>
/// <param name="IsOurs">Whether the library carried it out; false: a rival.</param>
/// <param name="Began">Time of the machine.</param>
internal sealed record Deed(Strand Strand, Intent Intent, bool IsOurs, TimeSpan Began)
{
    /// <summary>Changes of hooks that it made.</summary>
    public List<HookChange> Changes { get; } = [];

    /// <summary>What hooks held at some time while it went on, by interface: the changes of others.</summary>
    public List<HookChange> Seen { get; } = [];

    /// <summary>What hooks held when it began.</summary>
    public Dictionary<string, HookContent> Before { get; init; } = [];

    /// <summary>The batch that it is a part of; null: none.</summary>
    public BatchIntent? Batch { get; init; }

    /// <summary>All parts of that batch.</summary>
    public IReadOnlyList<Deed> Siblings { get; set; } = [];

    /// <summary>How the library says it ended as a part of a batch.</summary>
    public InterfaceOutcomeKind? Outcome { get; set; }

    /// <summary>Faults that its process had met when it began.</summary>
    public int FaultsBefore { get; } = Strand.Faults;

    /// <summary>What the library answered; null: it failed, or has not ended.</summary>
    public object? Result { get; set; }

    /// <summary>What it failed with; null: it succeeded, or has not ended.</summary>
    public Exception? Error { get; set; }

    /// <summary>Time of the machine when it ended; null: it has not, or its process died in it.</summary>
    public TimeSpan? Ended { get; set; }

    /// <summary>Calls of it that failed, or whose answer was lost.</summary>
    public int Faults => Strand.Faults - FaultsBefore;

    public bool Succeeded => Ended is not null && Error is null;

    public bool Failed => Ended is not null && Error is not null;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Strand.Name}: {Intent}: {(Ended is null ? "died" : Error is null ? "done" : $"{Error.GetType().Name}: {Error.Message}")}";
}

/// <summary>A hook got another content.</summary>
/// <param name="Interface">Which.</param>
/// <param name="Before">What it held.</param>
/// <param name="After">What it holds now.</param>
/// <param name="Deed">The request that did it.</param>
internal sealed record HookChange(SimInterface Interface, HookContent Before, HookContent After, Deed Deed)
{
    /// <summary>Whether it puts back what the request took away, because another part of its batch failed.</summary>
    public bool PutsBack => Deed.Batch is { IsAllOrNone: true } && Deed.Changes is [{ } made, ..] && made != this
        && made.After.Program == Before.Program && made.Before.Program == After.Program;
}

/// <summary>All that was asked and all that happened to hooks, in order.</summary>
/// <param name="kernel">The machine.</param>
internal sealed class Ledger(SimKernel kernel)
{
    private readonly Dictionary<SimInterface, HookContent> _contents = [];

    public List<Deed> Deeds { get; } = [];

    public List<HookChange> Changes { get; } = [];

    /// <summary>What every hook holds as of the last change.</summary>
    public IReadOnlyDictionary<SimInterface, HookContent> Contents => _contents;

    /// <summary>Begins; the machine stands ready.</summary>
    public void Begin()
    {
        foreach (var found in kernel.Network.Interfaces)
            _contents[found] = HookContent.Of(found);
    }

    /// <summary>A process asks for something.</summary>
    public Deed Open(Strand strand, Intent intent, bool isOurs, BatchIntent? batch = null)
    {
        var deed = new Deed(strand, intent, isOurs, kernel.Clock)
        {
            Before = _contents.ToDictionary(each => each.Key.Name, each => each.Value),
            Batch = batch,
        };
        Deeds.Add(deed);
        return deed;
    }

    /// <summary>A swap took effect.</summary>
    /// <returns>The change, or null when nothing changed.</returns>
    public HookChange? Note(SimProcess process)
    {
        foreach (var (found, before) in _contents)
        {
            if ((found.Occupant?.Program.Id ?? 0) == before.Program)
                continue;
            var deed = Deeds.FindLast(each => each.Strand.Process == process && (each.Batch is null || each.Intent.Interface == found.Name))!;
            var change = new HookChange(found, before, HookContent.Of(found), deed);
            _contents[found] = change.After;
            Changes.Add(change);
            deed.Changes.Add(change);
            foreach (var other in Deeds)
            {
                if (other != deed && other.Ended is null && other.Strand.Process.IsAlive)
                    other.Seen.Add(change);
            }

            return change;
        }

        return null;
    }
}
