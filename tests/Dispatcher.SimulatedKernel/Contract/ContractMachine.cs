using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>A kernel to ask a rule of: the simulated one, or the running one. Made anew for each rule.</summary>
internal abstract class ContractMachine : IDisposable
{
    /// <summary>An ifindex that nothing has.</summary>
    public const int NoSuchInterface = 4_000_000;

    /// <summary>The port.</summary>
    public abstract KernelPort Port { get; }

    /// <summary>An interface that is down, with an empty hook in native and skb mode; the rule may do with it what it likes.</summary>
    public abstract int Ifindex { get; }

    /// <summary>An interface whose driver has no native mode.</summary>
    public abstract int SkbOnlyIfindex { get; }

    /// <summary>An empty directory on a BPF file system.</summary>
    public abstract string Folder { get; }

    /// <summary>Takes the hook of <see cref="Ifindex"/> with a bpf_link in skb mode; no port method does.</summary>
    public abstract LinkFd LinkHook(ProgramFd program);

    /// <summary>Sets the MTU of the veth at the other end of <see cref="Ifindex"/>.</summary>
    public abstract void SetPeerMtu(int mtu);

    /// <summary>Sets <see cref="Ifindex"/> up, and returns when the kernel has told all that it tells of that.</summary>
    public abstract void BringUp();

    /// <summary>Sets <see cref="Ifindex"/> down.</summary>
    public abstract void TakeDown();

    /// <summary>Gives <see cref="Ifindex"/> another name.</summary>
    public abstract void Rename(string name);

    /// <summary>Moves <see cref="Ifindex"/> to another network namespace.</summary>
    public abstract void MoveInterface();

    /// <summary>Removes <see cref="Ifindex"/>.</summary>
    public abstract void RemoveInterface();

    /// <summary>Waits until the kernel has freed what it frees late. False: it has not come true in good time.</summary>
    public abstract bool Eventually(Func<bool> condition);

    /// <inheritdoc/>
    public abstract void Dispose();
}
