using System.Globalization;

namespace Dispatcher.Simulation.Engine;

/// <summary>What becomes of the next call of a strand.</summary>
internal enum StepKind
{
    /// <summary>It is carried out.</summary>
    Go,

    /// <summary>It has no effect and ends in an errno.</summary>
    Fail,

    /// <summary>A swap that takes effect, and whose answer never arrives.</summary>
    LoseAnswer,

    /// <summary>The process dies before it.</summary>
    Crash,
}

/// <summary>One step of a schedule.</summary>
/// <param name="Strand">Who goes on.</param>
/// <param name="Kind">How.</param>
/// <param name="Errno">Of a failure.</param>
internal readonly record struct Step(Strand Strand, StepKind Kind, int Errno = 0)
{
    /// <summary>Whether it is more than letting somebody go on.</summary>
    public bool Disturbs => Kind != StepKind.Go;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        StepKind.Fail => string.Create(CultureInfo.InvariantCulture, $"errno {Errno}"),
        StepKind.LoseAnswer => "answer lost",
        StepKind.Crash => "DIES",
        _ => "",
    };
}

/// <summary>Decides, at every call, what happens next.</summary>
internal interface ISchedule
{
    /// <summary>Chooses one of the options. Null: this run is not worth going on with.</summary>
    /// <param name="run">The run, all of whose strands stand still.</param>
    /// <param name="options">Not empty; the first lets the strand go on that went last, when it can.</param>
    Step? Choose(Run run, IReadOnlyList<Step> options);

    /// <summary>Whether a run before this one came through the same moment.</summary>
    bool IsRepeating => false;
}
