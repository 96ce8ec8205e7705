using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Watching;

/// <summary>Finds out what is known of who changed a hook. What cannot be read is left out.</summary>
internal sealed class OriginQuery(KernelPort kernel, PinPaths paths)
{
    /// <summary>The process that holds the lock now. Null: nobody is seen to.</summary>
    public HolderProcess? FindLockHolder() => Read<HolderProcess?>(
        () => kernel.Files.FindLockHolder(paths.Root) is { } process
            ? new HolderProcess(process, kernel.Host.ReadCommand(process) ?? "")
            : null,
        null);

    /// <summary>Puts together what is known. Null: nothing is.</summary>
    /// <param name="hook">As it is after the change.</param>
    /// <param name="lockHolder">Who took the lock, or held it when the change was noticed.</param>
    public ChangeOrigin? Describe(HookStatus hook, HolderProcess? lockHolder)
    {
        var (user, flavour) = Read(() => Describe(hook), (null, null));
        return lockHolder is null && user is null && flavour is null ? null : new ChangeOrigin(lockHolder, user, flavour);
    }

    private (uint? User, DispatcherFlavour? Flavour) Describe(HookStatus hook)
    {
        if (hook.Attached is not { } id)
            return (null, null);
        using var program = kernel.Bpf.OpenProgram(id);
        if (program is null)
            return (null, null);
        var info = kernel.Bpf.GetInfo(program);
        return (info.LoadedBy, hook.Foreign is null && ProgramBtf.TryRead(kernel.Bpf, info) is { } btf ? FlavourOf(btf) : null);
    }

    // The one function that a dispatcher for loaders has beside its stubs.
    private static DispatcherFlavour FlavourOf(BtfData btf) =>
        btf.Find(BtfKind.Func, DispatcherNames.CompatTest) is null ? DispatcherFlavour.Specialised : DispatcherFlavour.Generic;

    private static T Read<T>(Func<T> question, T otherwise)
    {
        try
        {
            return question();
        }
        catch (DispatcherException)
        {
            return otherwise;
        }
    }
}
