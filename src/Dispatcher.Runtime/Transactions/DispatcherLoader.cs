using Dispatcher.Compiler;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Puts a generated dispatcher into the kernel: BTF, config map, program, and the map bound to it.</summary>
internal static class DispatcherLoader
{
    private const uint AttachTypeXdp = 37;
    private const string ConfigMapName = "xdp_disp.rodata";

    /// <summary>Generates and loads; nothing is attached or pinned, so closing the fd undoes it all.</summary>
    /// <remarks>
    /// A kernel before 5.18 does not know frags, and the first that bind programs have none for those. No packet comes in several
    /// buffers there, so the dispatcher is loaded without; <see cref="LoadedDispatcher.HasFrags"/> says so.
    /// </remarks>
    /// <exception cref="ArgumentException">It is device-bound: <see cref="LoadFor"/> knows the device.</exception>
    public static LoadedDispatcher Load(IBpf bpf, DispatcherSpec spec) => spec.IsDeviceBound
        ? throw new ArgumentException("A device-bound dispatcher is loaded for an interface.", nameof(spec))
        : LoadWithFragsOrWithout(bpf, spec, 0);

    /// <summary>As <see cref="Load"/>, for the hook of one interface: a device-bound dispatcher is bound to it.</summary>
    /// <exception cref="UnsupportedKernelException">The kernel binds no programs.</exception>
    /// <exception cref="RefusedException">The driver cannot have programs bound to it.</exception>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    public static LoadedDispatcher LoadFor(KernelPort kernel, DispatcherSpec spec, InterfaceReading target)
    {
        if (!spec.IsDeviceBound)
            return Load(kernel.Bpf, spec);
        try
        {
            return LoadWithFragsOrWithout(kernel.Bpf, spec, target.Index);
        }
        catch (KernelException refusal) when (refusal is not VerifierException && refusal.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            throw ExplainBinding(kernel, target, refusal);
        }
    }

    // EINVAL is said of a flag that is not known and of an interface that is not there.
    private static DispatcherException ExplainBinding(KernelPort kernel, InterfaceReading target, KernelException refusal)
    {
        if (refusal.Errno == Errno.EOPNOTSUPP)
        {
            return new RefusedException(
                $"The driver of {Printable.Escape(target.Name)} gives XDP programs no metadata of packets, so no program can be bound to it ({ErrnoText.Of(refusal.Errno)}). "
                + "Nothing was changed; load the programs without device binding.");
        }

        return kernel.Hook.Read(target.Index) is null
            ? GoneInterface.Describe(kernel, target)
            : new UnsupportedKernelException("device-bound XDP programs (BPF_F_XDP_DEV_BOUND_ONLY)", "6.3", refusal.Errno);
    }

    private static LoadedDispatcher LoadWithFragsOrWithout(IBpf bpf, DispatcherSpec spec, int boundTo)
    {
        try
        {
            return LoadAs(bpf, spec, boundTo);
        }
        catch (KernelException unknown) when (spec.HasFrags && unknown.Errno == Errno.EINVAL && unknown is not VerifierException)
        {
            return LoadAs(bpf, spec with { LeavesOutFrags = true }, boundTo);
        }
    }

    private static LoadedDispatcher LoadAs(IBpf bpf, DispatcherSpec spec, int boundTo)
    {
        var image = DispatcherImage.Of(spec);
        using var btf = bpf.LoadBtf(image.Btf.Span);
        using var map = bpf.CreateConfigMap(ConfigMapName, image.Config.Length, btf, image.ConfigTypeId);
        bpf.WriteFirstElement(map, image.Config.Span);
        bpf.Freeze(map);
        var program = bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = DispatcherNames.Entry,
            Instructions = image.Instructions.Span,
            License = DispatcherNames.License,
            ExpectedAttachType = AttachTypeXdp,
            Flags = (uint)((spec.HasFrags ? ProgramFlags.Frags : 0) | (spec.IsDeviceBound ? ProgramFlags.DeviceBound : 0)),
            BoundIfindex = boundTo,
            Btf = btf,
            FunctionInfo = image.FunctionInfo.Span,
            LineInfo = image.LineInfo.Span,
        });
        try
        {
            bpf.BindMap(program, map);
            return new LoadedDispatcher(program, image.Generated);
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }
}
