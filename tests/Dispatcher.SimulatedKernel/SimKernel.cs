using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.SimulatedKernel.Files;
using Dispatcher.SimulatedKernel.Network;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel;

/// <summary>What a component program does with a packet.</summary>
internal delegate uint ComponentBehaviour(ReadOnlySpan<byte> packet);

/// <summary>One machine: objects, interfaces, the BPF file system, processes and a clock, all in memory.</summary>
internal sealed class SimKernel
{
    /// <summary>The user that every process runs as.</summary>
    public const uint UserId = 1000;

    private const int MaxCalls = 1_000_000;
    private readonly List<SimProcess> _processes = [];
    private readonly Queue<(long Due, Action Work)> _late = new();
    private long _calls;

    public SimKernel()
    {
        BpfFs = new SimBpfFs(this);
        Programs = new(this, 1000);
        Maps = new(this, 2000);
        BtfObjects = new(this, 3000);
        Links = new(this, 4000);
    }

    /// <summary>Sees every call of every process first.</summary>
    public Action<SimCall>? OnCall { get; set; }

    /// <summary>Sees every swap that took effect, before the caller learns of it; failing it loses the answer.</summary>
    public Action<SimCall>? OnSwapped { get; set; }

    /// <summary>Sees the answer of every call that comes back: a value, or the errno of an error.</summary>
    public Action<SimProcess, object?>? OnReturn { get; set; }

    /// <summary>Whether a link says what it replaces: not before Linux 5.13.</summary>
    public bool TellsLinkTargets { get; set; } = true;

    /// <summary>Whether removals of pins are told: not when a user has as many listeners as the kernel allows.</summary>
    public bool TellsRemovals { get; set; } = true;

    /// <summary>
    /// A process waits for a lock: returns when the condition holds. Without it the clock goes on until the lock is free
    /// or the wait has lasted long enough.
    /// </summary>
    public Action<SimProcess, Func<bool>>? OnBlocked { get; set; }

    /// <summary>How long a call takes.</summary>
    public TimeSpan CallTime { get; set; } = TimeSpan.FromMicroseconds(10);

    /// <summary>
    /// Ids depend on who makes an object and on what that process made before, not on what others do meanwhile: two orders
    /// of independent calls lead to the same state.
    /// </summary>
    public bool CountsIdsByProcess { get; set; }

    /// <summary>The process that called last.</summary>
    internal int Caller { get; private set; }

    /// <summary>How many calls after an unlink the kernel drops the object's reference; 0: at once.</summary>
    public int FreeingLag { get; set; } = 3;

    public ObjectTable<SimProgram> Programs { get; }

    public ObjectTable<SimMap> Maps { get; }

    public ObjectTable<SimBtf> BtfObjects { get; }

    public ObjectTable<SimLink> Links { get; }

    public SimBpfFs BpfFs { get; }

    /// <summary>The network namespace that a process is in unless it is started in another one.</summary>
    public SimNetwork Network => Networks[0];

    /// <summary>All network namespaces of the machine.</summary>
    public List<SimNetwork> Networks { get; } = [new("init")];

    /// <summary>Whether a process can look into every other one.</summary>
    public bool SeesAllProcesses { get; set; } = true;

    /// <summary>Whether a process can reach every network namespace that there is.</summary>
    public bool SeesAllNamespaces { get; set; } = true;

    /// <summary>By program name: what the program does. Without an entry, code that only returns a number does so.</summary>
    public Dictionary<string, ComponentBehaviour> Behaviours { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether programs may be loaded with the frags flag; kernels before 5.18 have none.</summary>
    public bool HasFrags { get; set; } = true;

    /// <summary>Whether programs may be bound to a device; kernels before 6.3 have none.</summary>
    public bool HasDeviceBinding { get; set; } = true;

    /// <summary>By program name: the log with which the verifier refuses it.</summary>
    public Dictionary<string, string> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>Who has opened the folder of the lock, and when.</summary>
    public List<(HolderProcess Process, TimeSpan At)> LockTakers { get; } = [];

    /// <summary>Time since boot; moves on a little with every call, and when a process waits.</summary>
    public TimeSpan Clock { get; private set; } = TimeSpan.FromSeconds(100);

    public ImmutableArray<SimProcess> Processes => [.. _processes];

    public SimProcess StartProcess(string? name = null, SimNetwork? network = null)
    {
        var pid = 100 + _processes.Count;
        var process = new SimProcess(this, network ?? Network, pid, name ?? $"p{pid}");
        _processes.Add(process);
        return process;
    }

    /// <summary>In how many calls each piece of work that was put off falls due.</summary>
    public ImmutableArray<long> PutOff => [.. _late.Select(item => item.Due - _calls)];

    /// <summary>Runs a packet against the hook of an interface.</summary>
    public PacketRun Receive(SimInterface target, ReadOnlySpan<byte> packet) =>
        PacketRun.On(target.Occupant?.Program, packet, this);

    /// <summary>Does everything that was put off.</summary>
    public void Settle()
    {
        while (_late.TryDequeue(out var item))
            item.Work();
    }

    public void MoveClock(TimeSpan by) => Clock += by;

    /// <summary>Before the effect of a call: the clock moves, what was put off falls due, the test looks.</summary>
    internal void BeforeCall(SimCall call)
    {
        if (++_calls > MaxCalls)
            throw new InvalidOperationException($"More than {MaxCalls} calls: it goes round in circles. Last: {call}.");
        Caller = call.Process.Pid;
        MoveClock(CallTime);
        while (_late.TryPeek(out var item) && item.Due <= _calls)
            _late.Dequeue().Work();
        OnCall?.Invoke(call);
    }

    /// <summary>After the effect of a swap.</summary>
    internal void AfterSwap(SimCall call) => OnSwapped?.Invoke(call);

    /// <summary>Puts work off as the kernel does with pins that were unlinked.</summary>
    internal void Later(Action work)
    {
        if (FreeingLag == 0)
            work();
        else
            _late.Enqueue((_calls + FreeingLag, work));
    }
}
