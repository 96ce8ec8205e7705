using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.Features;

/// <summary>Small programs that checks load; the caller disposes them.</summary>
internal static class ProbePrograms
{
    public const int Drop = 1;
    public const int Pass = 2;
    public const string Name = "doctor_probe";

    private const uint AttachTypeXdp = 37;

    /// <summary>Two slots, so that the first is a stub.</summary>
    public static DispatcherSpec TwoSlots { get; } = new(DispatcherVersion.V2, [Slot.Default, Slot.Default]);

    /// <summary>An XDP program that returns a verdict.</summary>
    /// <param name="port">The machine.</param>
    /// <param name="verdict">What it returns.</param>
    /// <param name="flags">Of BPF_PROG_LOAD.</param>
    /// <param name="boundIfindex">Interface it is bound to, or 0.</param>
    public static ProgramFd LoadXdp(KernelPort port, int verdict, ProgramFlags flags = ProgramFlags.None, int boundIfindex = 0) =>
        port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = Name,
            Instructions = Returning(verdict),
            License = "GPL",
            ExpectedAttachType = AttachTypeXdp,
            Flags = (uint)flags,
            BoundIfindex = boundIfindex,
        });

    /// <summary>A component that drops, loaded against the first stub of a private dispatcher that is gone afterwards.</summary>
    public static ProgramFd LoadAgainstPrivate(KernelPort port)
    {
        using var target = DispatcherLoader.Load(port.Bpf, TwoSlots);
        return LoadExt(port, target.Program, target.TargetTypeId(0));
    }

    /// <summary>A component that drops.</summary>
    public static ProgramFd LoadExt(KernelPort port, ProgramFd target, uint functionTypeId) =>
        LoadExt(port, target, functionTypeId, Returning(Drop));

    /// <summary>A component of these instructions.</summary>
    public static ProgramFd LoadExt(KernelPort port, ProgramFd target, uint functionTypeId, ReadOnlySpan<byte> instructions)
    {
        var bigEndian = !BitConverter.IsLittleEndian;
        var (btf, function) = ComponentBtf.Synthesise(Name);
        using var btfFd = port.Bpf.LoadBtf(btf.Encode(bigEndian));
        return port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Ext,
            Name = Name,
            Instructions = instructions,
            License = "GPL",
            Btf = btfFd,
            FunctionInfo = BtfExt.EncodeForKernel([new BtfFuncInfo(0, function)], bigEndian),
            AttachTarget = target,
            AttachBtfTypeId = functionTypeId,
        });
    }

    /// <summary>Host byte order.</summary>
    public static byte[] Encode(BpfAssembler code) => BpfEncoding.Encode(code.Assemble().Instructions.AsSpan(), !BitConverter.IsLittleEndian);

    /// <summary>r0 = verdict; exit.</summary>
    private static byte[] Returning(int verdict) => Encode(new BpfAssembler().Function(Name).Move(BpfRegister.R0, verdict).Exit());
}
