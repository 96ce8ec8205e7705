using Dispatcher.Simulation.Actors;
using Dispatcher.Simulation.Checkers;
using Dispatcher.Simulation.Engine;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation;

/// <summary>One run of a scenario with every checker looking on.</summary>
internal sealed class Stage : IDisposable
{
    private readonly ICheck[] _checks = [.. Check.All()];

    private Stage(Scenario scenario, Crew crew, ISchedule schedule, int mostDisturbances, Trace? trace)
    {
        Scenario = scenario;
        Kernel = scenario.Arrange();
        Ledger = new Ledger(Kernel);
        Run = new Run(Kernel, crew, schedule, mostDisturbances);
        foreach (var role in scenario.Cast)
            Enter(role);
        Ledger.Begin();
        Run.OnLook = Look;
        Run.OnSwap = (process, _) =>
        {
            if (Ledger.Note(process) is { } change)
                Each(check => check.AtChange(this, change));
        };
        if (trace is not null)
            Run.OnStep = trace.Add;
    }

    public Scenario Scenario { get; }

    public SimKernel Kernel { get; }

    public Ledger Ledger { get; }

    public Run Run { get; }

    /// <summary>Plays a scenario to its end.</summary>
    /// <returns>The run, with its finding if there is one.</returns>
    public static Stage Play(Scenario scenario, Crew crew, ISchedule schedule, int mostDisturbances, Trace? trace = null)
    {
        var stage = new Stage(scenario, crew, schedule, mostDisturbances, trace);
        stage.Run.Go();
        if (stage.Run.IsComplete)
            stage.Guard(() => stage.Each(check => check.AtEnd(stage)));
        return stage;
    }

    /// <inheritdoc/>
    public void Dispose() => Run.Dispose();

    private void Enter(Role role)
    {
        var process = Kernel.StartProcess(role.Name);
        var place = Run.Strands.Count;
        Strand StrandOf() => Run.Strands[place];
        Run.Add(process, role.Part switch
        {
            Part.Ours => () => OurActor.Act(process, Ledger, StrandOf, role.Intents),
            Part.Brute => () => Brute.Act(process, Ledger, StrandOf, role.Intents),
            _ => () => new LibxdpRival(process, Ledger, StrandOf, Kernel.Network, role.Part).Act(role.Intents),
        }, meetsFaults: role.Part == Part.Ours);
    }

    private void Look() => Each(check => check.AtLook(this));

    private void Each(Action<ICheck> action)
    {
        foreach (var check in _checks)
        {
            try
            {
                action(check);
            }
            catch (ViolationException violation)
            {
                violation.Checker ??= check.GetType().Name;
                throw;
            }
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding.
        catch (Exception failure)
        {
            Run.Fail(failure);
        }
#pragma warning restore CA1031
    }
}
