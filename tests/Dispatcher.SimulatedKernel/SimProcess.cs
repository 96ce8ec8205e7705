using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Files;
using Dispatcher.SimulatedKernel.Network;
using Dispatcher.SimulatedKernel.Objects;
using Dispatcher.SimulatedKernel.Port;

namespace Dispatcher.SimulatedKernel;

/// <summary>A process: its fds, its locks, and the port that its code calls.</summary>
internal sealed class SimProcess
{
    private const int FirstFd = 3;
    private readonly SortedDictionary<int, SimHandle> _fds = [];
    private readonly List<SimLock> _locks = [];
    private int _calls;

    internal SimProcess(SimKernel kernel, SimNetwork network, int pid, string name)
    {
        Kernel = kernel;
        Network = network;
        Pid = pid;
        Name = name;
        Port = new KernelPort(
            new SimBpfPort(this), new SimHookPort(this), new SimFilesPort(this), new SimLoaderPort(this), new SimPace(this), new SimHostView(this),
            new SimMaps(), new SimProbes(), new SimHookEvents(this));
    }

    public SimKernel Kernel { get; }

    public SimNetwork Network { get; }

    public int Pid { get; }

    public string Name { get; }

    /// <summary>Whether its BPF file system is of a mount namespace of its own.</summary>
    public bool HasPrivateMounts { get; set; }

    /// <summary>What the code under test gets.</summary>
    public KernelPort Port { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Calls made so far.</summary>
    public int CallCount => _calls;

    /// <summary>Open fds, by number, with what they refer to; empty when nothing leaks.</summary>
    public IReadOnlyList<string> OpenFds => [.. _fds.Select(fd => $"{fd.Key}: {fd.Value.Object}")];

    /// <summary>What the open fds refer to.</summary>
    internal IEnumerable<KernelObject> OpenObjects => _fds.Values.Select(handle => handle.Object);

    /// <summary>Locks held.</summary>
    public int LockCount => _locks.Count;

    /// <summary>Ends the process: the kernel closes its fds and lets go of its locks.</summary>
    public void Kill()
    {
        if (!IsAlive)
            return;
        IsAlive = false;
        foreach (var handle in _fds.Values.ToList())
            handle.Object.Drop();
        _fds.Clear();
        foreach (var held in _locks.ToList())
            held.LetGo();
        _locks.Clear();
    }

    /// <summary>Announces a call; throws when the process is dead, or is killed now, or the call is made to fail.</summary>
    internal void Enter(string operation, string arguments)
    {
        if (!IsAlive)
            throw new ProcessDiedException(this);
        Kernel.BeforeCall(new SimCall(this, operation, arguments, _calls++));
        if (!IsAlive)
            throw new ProcessDiedException(this);
    }

    /// <summary>The answer of a call, on its way to the caller.</summary>
    internal T Return<T>(T answer)
    {
        Kernel.OnReturn?.Invoke(this, answer);
        return answer;
    }

    /// <summary>After the effect of a swap; throws when its answer is lost.</summary>
    internal void LeaveSwap(string operation, string arguments) =>
        Kernel.AfterSwap(new SimCall(this, operation, arguments, _calls - 1));

    /// <summary>A new fd on an object.</summary>
    internal SimHandle Open(KernelObject target)
    {
        var number = FirstFd;
        while (_fds.ContainsKey(number))
            number++;
        target.Hold();
        var handle = new SimHandle(this, target, number);
        _fds.Add(number, handle);
        return handle;
    }

    /// <summary>What an fd refers to.</summary>
    /// <exception cref="SysError">EINVAL: it refers to an object of another kind, as a pin opened under a wrong name does.</exception>
    internal T Resolve<T>(KernelFd fd)
        where T : KernelObject
    {
        if (fd.Handle is not SimHandle handle || handle.Process != this)
            throw new InvalidOperationException($"{Name} uses an fd that is not its own.");
        ObjectDisposedException.ThrowIf(handle.IsClosed, fd);
        return handle.Object as T ?? throw new SysError(KernelErrno.EINVAL);
    }

    internal void Close(SimHandle handle)
    {
        if (_fds.Remove(handle.Number))
            handle.Object.Drop();
    }

    internal void Remember(SimLock held) => _locks.Add(held);

    internal void Forget(SimLock held) => _locks.Remove(held);
}
