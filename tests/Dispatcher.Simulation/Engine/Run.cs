using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation.Engine;

/// <summary>One run of several processes on one simulated kernel, call by call in the order that a schedule decides.</summary>
/// <remarks>
/// Exactly one thread is awake: the strand that goes on. Before each of its calls it asks the schedule itself, and wakes
/// another strand only when that one is chosen, so a run is as quick as its code.
/// </remarks>
internal sealed class Run : IDisposable
{
    private readonly Crew _crew;
    private readonly ISchedule _schedule;
    private readonly int _mostDisturbances;
    private readonly List<Strand> _strands = [];
    private readonly SemaphoreSlim _over = new(0);
    private readonly Dictionary<SimProcess, Strand> _byProcess = [];
    private Strand? _last;
    private bool _isAborted;
    private int _ended;

    /// <summary>A run that has not begun.</summary>
    /// <param name="kernel">The machine; this takes over its hooks.</param>
    /// <param name="crew">Threads.</param>
    /// <param name="schedule">Decides.</param>
    /// <param name="mostDisturbances">How many calls may fail and processes die, in all.</param>
    public Run(SimKernel kernel, Crew crew, ISchedule schedule, int mostDisturbances)
    {
        Kernel = kernel;
        _crew = crew;
        _schedule = schedule;
        _mostDisturbances = mostDisturbances;
        kernel.OnCall = AtCall;
        kernel.OnReturn = AtReturn;
        kernel.OnBlocked = AtBlock;
        kernel.OnSwapped = AtSwap;
    }

    public SimKernel Kernel { get; }

    public IReadOnlyList<Strand> Strands => _strands;

    /// <summary>Calls that failed and processes that died so far.</summary>
    public int Disturbances { get; private set; }

    /// <summary>Calls made so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Sees every step before it is taken, with the call it concerns.</summary>
    public Action<Step, SimCall>? OnStep { get; set; }

    /// <summary>Sees every swap that took effect.</summary>
    public Action<SimProcess, SimCall>? OnSwap { get; set; }

    /// <summary>Looks at the machine before every call that others can notice, unless this moment was looked at in a run before.</summary>
    public Action? OnLook { get; set; }

    /// <summary>What a checker or the code itself threw, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether everybody came to the end: not cut short, nobody waiting for ever.</summary>
    public bool IsComplete => !_isAborted && _ended == _strands.Count;

    /// <summary>Adds a process and what it does.</summary>
    /// <param name="process">Its process.</param>
    /// <param name="code">What it does.</param>
    /// <param name="meetsFaults">Whether its calls may fail; it may die in any case.</param>
    public void Add(SimProcess process, Action code, bool meetsFaults)
    {
        var strand = new Strand(_strands.Count, process, code, meetsFaults);
        _strands.Add(strand);
        _byProcess.Add(process, strand);
    }

    /// <summary>Runs to the end, or until the schedule gives up.</summary>
    public void Go()
    {
        foreach (var strand in _strands)
            _crew.Start(strand.Index, () => Live(strand));
        Pass();
        for (var ended = 0; ended < _strands.Count; ended++)
            _over.Wait();
        Kernel.OnCall = null;
        Kernel.OnReturn = null;
        Kernel.OnBlocked = null;
        Kernel.OnSwapped = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var strand in _strands)
            strand.Dispose();
        _over.Dispose();
    }

    /// <summary>Ends the run: all processes die where they stand.</summary>
    public void Fail(Exception failure)
    {
        Failure ??= failure;
        _isAborted = true;
    }

    private void Live(Strand strand)
    {
        try
        {
            Perform(strand, strand.AwaitTurn(), null);
            strand.Code();
        }
        catch (ProcessDiedException)
        {
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding.
        catch (Exception unexpected)
        {
            Fail(unexpected);
        }
#pragma warning restore CA1031

        strand.HasEnded = true;
        strand.Pending = null;
        strand.Blocker = null;
        Interlocked.Increment(ref _ended);
        try
        {
            Pass();
        }
        finally
        {
            _over.Release();
        }
    }

    // Whoever holds the turn and cannot go on gives it to somebody else.
    private void Pass()
    {
        if (Next() is { } step)
        {
            step.Strand.Grant(step);
            return;
        }

        // Nobody goes on: the run is over for all who still stand.
        _isAborted |= _ended < _strands.Count;
        if (_strands.Find(strand => !strand.HasEnded) is { } standing)
            standing.Grant(new Step(standing, StepKind.Crash));
    }

    private Step? Next()
    {
        if (_isAborted)
            return null;
        var options = Options();
        if (options.Count == 0)
            return null;
        try
        {
            return options.Count == 1 ? options[0] : _schedule.Choose(this, options);
        }
#pragma warning disable CA1031 // A failing checker must not leave threads standing.
        catch (Exception failure)
        {
            Fail(failure);
            return null;
        }
#pragma warning restore CA1031
    }

    private List<Step> Options()
    {
        var options = new List<Step>();
        var inside = _last is { HasEnded: false, Pending: { } call } && !Engine.Calls.IsShared(call) ? _last : null;
        foreach (var strand in _strands)
        {
            if (strand.CanGo && (inside is null || inside == strand))
                options.Insert(strand == _last ? 0 : options.Count, new Step(strand, StepKind.Go));
        }

        if (Disturbances < _mostDisturbances)
            AddDisturbances(options);
        return options;
    }

    private void AddDisturbances(List<Step> options)
    {
        for (var index = options.Count - 1; index >= 0; index--)
        {
            var strand = options[index].Strand;
            if (strand.Pending is not { } call)
                continue;
            if (Engine.Calls.IsShared(call))
                options.Add(new Step(strand, StepKind.Crash));
            if (!strand.MeetsFaults)
                continue;
            if (Engine.Calls.ErrnoOf(call) is { } errno)
                options.Add(new Step(strand, StepKind.Fail, errno));
            if (Engine.Calls.CanLoseAnswer(call))
                options.Add(new Step(strand, StepKind.LoseAnswer));
        }
    }

    private void AtCall(SimCall call)
    {
        if (!_byProcess.TryGetValue(call.Process, out var strand))
            return;
        Calls++;
        strand.Pending = call;
        strand.History = strand.History.With(call.Operation + call.Arguments);
        if (Engine.Calls.IsShared(call) && !_isAborted && !_schedule.IsRepeating)
            Look();
        Await(strand, call);
    }

    private void AtBlock(SimProcess process, Func<bool> isFree)
    {
        var strand = _byProcess[process];
        strand.Pending = null;
        strand.Blocker = isFree;
        Await(strand, null);
        strand.Blocker = null;
    }

    private void Await(Strand strand, SimCall? call)
    {
        var next = Next();
        _isAborted |= next is null;
        if (next is not { } step || step.Strand == strand)
        {
            Perform(strand, next ?? new Step(strand, StepKind.Crash), call);
            return;
        }

        step.Strand.Grant(step);
        Perform(strand, strand.AwaitTurn(), call);
    }

    private void Perform(Strand strand, Step step, SimCall? call)
    {
        _last = strand;
        strand.HasBegun = true;
        strand.Pending = null;
        if (_isAborted)
        {
            strand.Process.Kill();
            throw new ProcessDiedException(strand.Process);
        }

        Disturbances += step.Disturbs ? 1 : 0;
        if (call is not null)
            OnStep?.Invoke(step, call);
        switch (step.Kind)
        {
            case StepKind.Crash:
                strand.Process.Kill();
                throw new ProcessDiedException(strand.Process);
            case StepKind.Fail:
                strand.Faults++;
                call!.FailWith(step.Errno);
                break;
            case StepKind.LoseAnswer:
                strand.Faults++;
                strand.LosesAnswer = true;
                break;
        }
    }

    private void AtReturn(SimProcess process, object? answer)
    {
        if (_byProcess.TryGetValue(process, out var strand))
            strand.History = strand.History.With(Answers.Describe(answer));
    }

    private void AtSwap(SimCall call)
    {
        if (!_byProcess.TryGetValue(call.Process, out var strand))
            return;
        try
        {
            OnSwap?.Invoke(call.Process, call);
        }
#pragma warning disable CA1031 // A finding, told at the end of the run.
        catch (Exception violation)
        {
            Fail(violation);
        }
#pragma warning restore CA1031

        if (!strand.LosesAnswer)
            return;
        strand.LosesAnswer = false;
        call.FailWith(KernelErrno.ENOBUFS);
    }

    private void Look()
    {
        try
        {
            OnLook?.Invoke();
        }
#pragma warning disable CA1031 // A finding, told at the end of the run.
        catch (Exception violation)
        {
            Fail(violation);
        }
#pragma warning restore CA1031
    }
}
