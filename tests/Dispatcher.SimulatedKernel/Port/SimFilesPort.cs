using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Files;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>The BPF file system and flock(2).</summary>
internal sealed class SimFilesPort(SimProcess process) : SimPort(process), IBpfFs
{
    private static readonly TimeSpan LockLook = TimeSpan.FromMilliseconds(5);

    public bool IsBpfFs(string path) => Call(nameof(IsBpfFs), path, () => Kernel.BpfFs.IsOn(path));

    public bool IsPrivate(string path) => Process.HasPrivateMounts;

    public void Mount(string path) => Call(nameof(Mount), path, () => Kernel.BpfFs.Mount(path));

    public ImmutableArray<string> Mounts() => Call(nameof(Mounts), "", () => Kernel.BpfFs.Mounts);

    public bool MakeDirectory(string path) =>
        Call(nameof(MakeDirectory), path, () => Kernel.BpfFs.MakeDirectory(path), KernelErrno.EEXIST);

    public bool RemoveDirectory(string path) =>
        Call(nameof(RemoveDirectory), path, () => Kernel.BpfFs.RemoveDirectory(path), KernelErrno.ENOENT, KernelErrno.ENOTEMPTY);

    public ImmutableArray<string>? List(string path, string prefix = "") =>
        Call<ImmutableArray<string>?>(
            nameof(List), path, () => [.. Kernel.BpfFs.List(path).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))], null, KernelErrno.ENOENT);

    public TimeSpan? Age(string path) => Call<TimeSpan?>(nameof(Age), path, () => Kernel.BpfFs.Age(path), null, KernelErrno.ENOENT);

    public bool Pin(ProgramFd program, string path) =>
        Call(nameof(Pin), path, () => Kernel.BpfFs.Pin(Process.Resolve<SimProgram>(program), path), KernelErrno.EEXIST);

    public bool Pin(LinkFd link, string path) =>
        Call(nameof(Pin), path, () => Kernel.BpfFs.Pin(Process.Resolve<SimLink>(link), path), KernelErrno.EEXIST);

    public ProgramFd? OpenProgram(string path) =>
        Call(nameof(OpenProgram), path, () => new ProgramFd(Process.Open(Get<SimProgram>(path))), null, KernelErrno.ENOENT);

    public LinkFd? OpenLink(string path) =>
        Call(nameof(OpenLink), path, () => new LinkFd(Process.Open(Get<SimLink>(path))), null, KernelErrno.ENOENT);

    public bool Unpin(string path) => Call(nameof(Unpin), path, () => Kernel.BpfFs.Unpin(path), KernelErrno.ENOENT);

    private SimLock? TakeLock(string path)
    {
        var folder = Kernel.BpfFs.FindDirectory(path);
        Kernel.LockTakers.Add((new HolderProcess(Process.Pid, Process.Name), Kernel.Clock));
        return SimLock.TryTake(Process, folder);
    }

    public IDisposable? TryLock(string path) =>
        Call(nameof(TryLock), path, () => TakeLock(path));

    public IDisposable? WaitForLock(string path, TimeSpan longest, CancellationToken cancellationToken)
    {
        var end = Kernel.Clock + longest;
        while (true)
        {
            if (Call(nameof(WaitForLock), path, () => TakeLock(path)) is { } taken)
                return taken;
            var left = end - Kernel.Clock;
            if (left <= TimeSpan.Zero)
                return null;
            if (Kernel.OnBlocked is { } blocked)
                blocked(Process, () => !Kernel.BpfFs.IsOn(path) || Kernel.BpfFs.FindDirectory(path).Lock is null);
            else
                Process.Port.Pace.Wait(left < LockLook ? left : LockLook, cancellationToken);
        }
    }

    public int? FindLockHolder(string path) =>
        Call(nameof(FindLockHolder), path, () => Kernel.BpfFs.FindDirectory(path).Lock?.Owner.Pid, null, KernelErrno.ENOENT);

    // A pin of another kind is an error of the port, not of the kernel, which opens it.
    private T Get<T>(string path)
        where T : KernelObject => Kernel.BpfFs.Get(path) as T ?? throw new SysError(KernelErrno.EINVAL);
}
