using Dispatcher.Compiler.Btf;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>What the kernel asks of a program at load and of a replacement at attach.</summary>
/// <remarks>
/// Source: kernel/bpf/verifier.c, bpf_check_attach_target; kernel/bpf/syscall.c, bpf_tracing_prog_attach;
/// kernel/bpf/offload.c, bpf_prog_dev_bound_init.
/// </remarks>
internal static class LoadRules
{
    private const uint FragsFlag = 32;
    private const uint DeviceBoundFlag = 64;
    private const byte ExitOpcode = 0x95;
    private const int InstructionSize = 8;

    /// <exception cref="SysError">EINVAL: a rule is broken. EOPNOTSUPP: no program can be bound to this device. EACCES: the test has the verifier refuse it.</exception>
    public static void Check(SimKernel kernel, SimLoad load)
    {
        if (load.Instructions.Length == 0 || load.Instructions.Length % InstructionSize != 0)
            throw new SysError(KernelErrno.EINVAL);
        if (kernel.Refusals.TryGetValue(load.Name, out var log))
            throw new SysError(KernelErrno.EACCES, log);
        if ((load.Flags & FragsFlag) != 0 && !kernel.HasFrags)
            throw new SysError(KernelErrno.EINVAL);
        CheckBinding(kernel, load);
        if (!HasExit(load.Instructions))
            throw new SysError(KernelErrno.EINVAL, "last insn is not an exit or jmp");
        if (load.Type != ProgramType.Ext)
            return;
        if (load.Target is not { } target || load.Btf is null || load.FunctionTypeIds.IsEmpty || load.ExpectedAttachType != 0)
            throw new SysError(KernelErrno.EINVAL, "Tracing programs must provide btf_id");
        CheckFunction(target, load.TargetFunction);
        if (Prototype(load.Btf.Data, load.FunctionTypeIds[0]) != Prototype(target.Btf!.Data, load.TargetFunction))
            throw new SysError(KernelErrno.EINVAL, $"arg#0 in {load.Name} differs from the function that it replaces");
    }

    /// <summary>Whether a function may be replaced at all.</summary>
    /// <exception cref="SysError">EINVAL.</exception>
    public static void CheckFunction(SimProgram target, uint functionTypeId)
    {
        if (target.Btf?.Data is not { } btf)
            throw new SysError(KernelErrno.EINVAL, "FENTRY/FEXIT program can only be attached to another program annotated with BTF");
        if (btf.Get<BtfFunc>(new BtfTypeId(functionTypeId)) is not { } function)
            throw new SysError(KernelErrno.EINVAL, $"attach_btf_id {functionTypeId} is not a function");
        if (!target.Load.FunctionTypeIds.Contains(functionTypeId))
            throw new SysError(KernelErrno.EINVAL, $"Subprog {function.Name} doesn't exist");
        if (function.Linkage != BtfLinkage.Global)
            throw new SysError(KernelErrno.EINVAL, "Cannot replace static functions");
        if (target.Type == ProgramType.Ext)
            throw new SysError(KernelErrno.EINVAL, "Cannot recursively attach");
    }

    /// <summary>Attaches an EXT program in place of a function; the first target is checked at load, every other one here.</summary>
    /// <exception cref="SysError">EINVAL: not EXT, or a target that does not fit. EBUSY: the function is replaced already.</exception>
    public static ReplacementLink Attach(SimKernel kernel, SimProgram component, SimProgram target, uint functionTypeId)
    {
        if (component.Type != ProgramType.Ext)
            throw new SysError(KernelErrno.EINVAL);
        if (!component.IsVerifiedFor(target, functionTypeId))
        {
            CheckFunction(target, functionTypeId);
            if (component.TargetKind != (target.Type, target.Load.ExpectedAttachType))
                throw new SysError(KernelErrno.EINVAL);
            if (component.BoundTo is { } device && target.BoundTo != device)
                throw new SysError(KernelErrno.EINVAL);
        }

        var link = ReplacementLink.Create(kernel, component, target, functionTypeId);
        component.ForgetFirstTarget();
        return link;
    }

    private static void CheckBinding(SimKernel kernel, SimLoad load)
    {
        var isBound = (load.Flags & DeviceBoundFlag) != 0;
        if (isBound != load.BoundTo is not null || (isBound && (!kernel.HasDeviceBinding || load.Type == ProgramType.Ext)))
            throw new SysError(KernelErrno.EINVAL);
        if (load.BoundTo is { HasNativeMode: false })
            throw new SysError(KernelErrno.EOPNOTSUPP);
    }

    private static bool HasExit(byte[] instructions)
    {
        for (var offset = 0; offset < instructions.Length; offset += InstructionSize)
        {
            if (instructions[offset] == ExitOpcode)
                return true;
        }

        return false;
    }

    // Enough to tell programs of the protocol from others: each parameter by the name of the structure it points to.
    private static string Prototype(BtfData btf, uint functionTypeId) =>
        btf.Get<BtfFunc>(new BtfTypeId(functionTypeId)) is { } function && btf.Get<BtfFuncProto>(function.Prototype) is { } prototype
            ? string.Join(',', prototype.Parameters.Select(parameter => Describe(btf, parameter.Type)))
            : "none";

    private static string Describe(BtfData btf, BtfTypeId type) =>
        btf.Get<BtfPtr>(btf.Resolve(type)) is { } pointer && btf.Get<BtfStruct>(btf.Resolve(pointer.Type)) is { } structure
            ? structure.Name + " *"
            : "scalar";
}
