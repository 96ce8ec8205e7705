using System.Collections.Frozen;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation.Engine;

/// <summary>What is known of the port's calls: which of them others can notice, and how each can fail.</summary>
internal static class Calls
{
    /// <summary>
    /// Calls that read or change what processes share. All others make or read objects that nobody else can name yet, or
    /// that the caller holds and nobody can change: their order among those of other processes makes no difference, so
    /// a schedule need not be cut there.
    /// </summary>
    private static readonly FrozenSet<string> Shared = FrozenSet.Create(
        nameof(IXdpHook.Read), nameof(IXdpHook.ReadAll), nameof(IXdpHook.Swap), nameof(Rivals.ForceHook), nameof(Rivals.LinkHook), nameof(Rivals.SweepAway),
        nameof(IBpf.OpenProgram), nameof(IBpf.OpenLink), nameof(IBpf.NextLink), nameof(IBpf.NextProgram),
        nameof(IBpfFs.MakeDirectory), nameof(IBpfFs.RemoveDirectory), nameof(IBpfFs.List), nameof(IBpfFs.Age), nameof(IBpfFs.Pin), nameof(IBpfFs.Unpin),
        nameof(IBpfFs.TryLock), nameof(IBpfFs.WaitForLock), nameof(IBpfFs.FindLockHolder), nameof(IHostView.ReadHolders), nameof(IHostView.ReadNamespaces),
        nameof(IPace.Wait));

    /// <summary>One errno stands for its class: what the code does with it does not depend on the number.</summary>
    private static readonly FrozenDictionary<string, int> Errnos = new Dictionary<string, int>
    {
        [nameof(IXdpHook.Read)] = KernelErrno.ENOMEM,
        [nameof(IXdpHook.ReadAll)] = KernelErrno.ENOMEM,
        [nameof(IXdpHook.Swap)] = KernelErrno.ENOMEM,
        [nameof(IBpf.LoadBtf)] = KernelErrno.ENOMEM,
        [nameof(IBpf.LoadProgram)] = KernelErrno.ENOMEM,
        [nameof(IBpf.CreateConfigMap)] = KernelErrno.ENOMEM,
        [nameof(IBpf.WriteFirstElement)] = KernelErrno.ENOMEM,
        [nameof(IBpf.BindMap)] = KernelErrno.ENOMEM,
        [nameof(IBpf.AttachToFunction)] = KernelErrno.ENOMEM,
        [nameof(IBpf.OpenProgram)] = KernelErrno.EMFILE,
        [nameof(IBpf.OpenMap)] = KernelErrno.EMFILE,
        [nameof(IBpf.OpenBtf)] = KernelErrno.EMFILE,
        [nameof(IBpf.OpenLink)] = KernelErrno.EMFILE,
        [nameof(IBpf.ReadBtf)] = KernelErrno.ENOMEM,
        [nameof(IBpf.ReadFirstElement)] = KernelErrno.ENOMEM,
        [nameof(IBpfFs.MakeDirectory)] = KernelErrno.ENOMEM,
        [nameof(IBpfFs.RemoveDirectory)] = KernelErrno.ENOMEM,
        [nameof(IBpfFs.List)] = KernelErrno.EMFILE,
        [nameof(IBpfFs.Pin)] = KernelErrno.ENOMEM,
        [nameof(IBpfFs.Unpin)] = KernelErrno.ENOMEM,
        [nameof(IBpfFs.TryLock)] = KernelErrno.EMFILE,
        [nameof(IBpfFs.WaitForLock)] = KernelErrno.EMFILE,
        [nameof(IHostView.ReadHolders)] = KernelErrno.EMFILE,
        [nameof(IHostView.ReadNamespaces)] = KernelErrno.EMFILE,
    }.ToFrozenDictionary();

    /// <summary>Whether others can notice the call, or it can notice others.</summary>
    public static bool IsShared(SimCall call) => Shared.Contains(call.Operation);

    /// <summary>Whether others can notice a call of this name.</summary>
    public static bool IsShared(string operation) => Shared.Contains(operation);

    /// <summary>How the call can fail without effect; null: it cannot.</summary>
    public static int? ErrnoOf(SimCall call) => Errnos.TryGetValue(call.Operation, out var errno) ? errno : null;

    /// <summary>Whether it can take effect and its answer get lost: netlink answers in a message of its own.</summary>
    public static bool CanLoseAnswer(SimCall call) => call.Operation == nameof(IXdpHook.Swap);
}
