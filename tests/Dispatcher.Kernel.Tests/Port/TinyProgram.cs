using System.Buffers.Binary;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>The smallest programs, and dispatchers to put them into.</summary>
internal static class TinyProgram
{
    /// <summary>BPF_XDP.</summary>
    internal const uint AttachTypeXdp = 37;

    /// <summary>Verdicts.</summary>
    internal const int Drop = 1, Pass = 2, Tx = 3;

    /// <summary>The smallest Ethernet frame.</summary>
    internal static readonly byte[] Packet = new byte[64];

    /// <summary>r0 = verdict; exit.</summary>
    internal static byte[] Returning(int verdict)
    {
        byte[] code = [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(4), verdict);
        return code;
    }

    /// <summary>Loads an XDP program that returns a verdict.</summary>
    internal static ProgramFd LoadXdp(this IBpf bpf, int verdict = Pass, string name = "tiny") => bpf.LoadProgram(new ProgramLoadRequest
    {
        Type = ProgramType.Xdp,
        Name = name,
        Instructions = Returning(verdict),
        License = "GPL",
        ExpectedAttachType = AttachTypeXdp,
    });

    /// <summary>Loads a component that returns a verdict, as EXT against a slot.</summary>
    internal static ProgramFd LoadExt(this IBpf bpf, LoadedDispatcher target, int verdict = Drop, int slot = 0)
    {
        var (btf, function) = ComponentBtf.Synthesise("tiny_component");
        using var btfFd = bpf.LoadBtf(btf.Encode());
        return bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Ext,
            Name = "tiny_component",
            Instructions = Returning(verdict),
            License = "GPL",
            Btf = btfFd,
            FunctionInfo = BtfExt.EncodeForKernel([new BtfFuncInfo(0, function)]),
            AttachTarget = target.Program,
            AttachBtfTypeId = target.TargetTypeId(slot),
        });
    }

    /// <summary>Loads a dispatcher of version 2 with that many default slots.</summary>
    internal static LoadedDispatcher LoadDispatcher(this IBpf bpf, int slots = 2) =>
        DispatcherLoader.Load(bpf, new DispatcherSpec(DispatcherVersion.V2, [.. Enumerable.Repeat(Slot.Default, slots)]));
}
