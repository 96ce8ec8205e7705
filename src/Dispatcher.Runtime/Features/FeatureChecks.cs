using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.Features;

/// <summary>Checks of what chains can do without; docs/operations.md has the answers of each kernel in a table.</summary>
internal static class FeatureChecks
{
    private const int BPF_FUNC_xdp_adjust_head = 44;
    private const uint AttachTypeXdp = 37;

    public static DoctorFinding Frags(KernelPort port)
    {
        using var dispatcher = DispatcherLoader.Load(port.Bpf, new DispatcherSpec(DispatcherVersion.V2, [Slot.Default with { Flags = ProgramFlags.Frags }]));
        return dispatcher.HasFrags
            ? Check.Ok("frags", "a dispatcher may take packets in several buffers")
            : Check.Warn("frags", "not known to this kernel (5.18 has them)", "Programs with frags join chains without; an MTU above one page needs skb mode.");
    }

    /// <summary>lo has no metadata of devices: a kernel that knows the flag says so, and an older one does not know the flag.</summary>
    public static DoctorFinding DeviceBinding(KernelPort port)
    {
        try
        {
            using var program = ProbePrograms.LoadXdp(port, ProbePrograms.Pass, ProgramFlags.DeviceBound, PrivateNetwork.LoopbackIfindex);
            return Check.Ok("device binding", "known, and lo has it");
        }
        catch (KernelException refused) when (refused.Errno == Errno.EOPNOTSUPP)
        {
            return Check.Ok("device binding", "known; whether an interface has it depends on its driver");
        }
        catch (KernelException refused) when (refused.Errno is Errno.EINVAL or Errno.E2BIG)
        {
            return Check.Warn("device binding", "not known to this kernel (6.3 has it)", "Programs that are bound to a device cannot be loaded; others can.");
        }
    }

    public static DoctorFinding LinkTargets(KernelPort port)
    {
        using var component = ProbePrograms.LoadAgainstPrivate(port);
        using var dispatcher = DispatcherLoader.Load(port.Bpf, ProbePrograms.TwoSlots);
        using var link = port.Bpf.AttachToFunction(component, dispatcher.Program, dispatcher.TargetTypeId(0));
        return port.Bpf.GetInfo(link).TargetObjectId == port.Bpf.GetInfo(dispatcher.Program).Id.Value
            ? Check.Ok("link targets", "a link says which function it replaces")
            : Check.Warn("link targets", "a link does not say what it replaces (5.13 and later do)", "A chain that lost pins is mended here only when what it lost is dead beyond doubt; else 'xdp-dispatch status' says how to take it off the hook, then load its programs again.");
    }

    /// <summary>Whether a component that changes packet data may replace a function that does not say so, as in dispatchers of libxdp before 1.5.5.</summary>
    public static DoctorFinding PacketChange(KernelPort port)
    {
        using var target = LoadPlainFunction(port, out var functionTypeId);
        var changing = ProbePrograms.Encode(new BpfAssembler().Function(ProbePrograms.Name)
            .Move(BpfRegister.R2, 0).CallHelper(BPF_FUNC_xdp_adjust_head).Move(BpfRegister.R0, ProbePrograms.Pass).Exit());
        try
        {
            using var component = ProbePrograms.LoadExt(port, target, functionTypeId, changing);
            return Check.Ok("packet change in plain stubs", "accepted");
        }
        catch (VerifierException refused) when (refused.Log.Contains("changes packet data", StringComparison.Ordinal))
        {
            return Check.Warn(
                "packet change in plain stubs", "refused, as from Linux 6.13 on and by stable kernels that took that change",
                "Programs that change packets do not join a dispatcher of libxdp before 1.5.5 as it is; load them with xdp-dispatch, which builds it anew.");
        }
    }

    /// <summary>An entry that calls one global function, which only returns.</summary>
    private static ProgramFd LoadPlainFunction(KernelPort port, out uint functionTypeId)
    {
        const string Function = "plain";
        var bigEndian = !BitConverter.IsLittleEndian;
        var builder = new BtfBuilder();
        var context = builder.Add(new BtfPtr(builder.Add(new BtfStruct("xdp_md", 0, []))));
        var prototype = builder.Add(new BtfFuncProto(builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed)), [new BtfParameter("ctx", context)]));
        var entry = builder.Add(new BtfFunc(ProbePrograms.Name, prototype, BtfLinkage.Global));
        var function = builder.Add(new BtfFunc(Function, prototype, BtfLinkage.Global));
        using var btfFd = port.Bpf.LoadBtf(builder.Build().Encode(bigEndian));
        var code = new BpfAssembler()
            .Function(ProbePrograms.Name).Call(Function).Move(BpfRegister.R0, ProbePrograms.Pass).Exit()
            .Function(Function).Move(BpfRegister.R0, ProbePrograms.Pass).Exit()
            .Assemble();
        functionTypeId = function.Value;
        return port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = ProbePrograms.Name,
            Instructions = BpfEncoding.Encode(code.Instructions.AsSpan(), bigEndian),
            License = "GPL",
            ExpectedAttachType = AttachTypeXdp,
            Btf = btfFd,
            FunctionInfo = BtfExt.EncodeForKernel([new BtfFuncInfo(0, entry), new BtfFuncInfo((uint)code.Functions[1].Start, function)], bigEndian),
        });
    }
}
