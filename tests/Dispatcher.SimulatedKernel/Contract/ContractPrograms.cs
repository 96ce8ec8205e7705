using System.Buffers.Binary;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Programs to ask rules with. Each is loaded step by step here, not by the code under test.</summary>
internal static class ContractPrograms
{
    public const uint AttachTypeXdp = 37;
    public const uint Drop = 1;
    public const uint Pass = 2;
    private static readonly byte[] Packet = new byte[64];
    private static readonly bool BigEndian = !BitConverter.IsLittleEndian;

    /// <summary>r0 = verdict; exit.</summary>
    public static byte[] Code(uint verdict)
    {
        byte[] code = [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        if (BigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(code.AsSpan(4), verdict);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(4), verdict);
        return code;
    }

    /// <summary>A plain XDP program without BTF.</summary>
    public static ProgramFd LoadXdp(this ContractMachine machine, uint verdict = Pass, string name = "plain", int boundTo = 0) =>
        machine.Port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = name,
            Instructions = Code(verdict),
            License = "GPL",
            ExpectedAttachType = AttachTypeXdp,
            Flags = FlagsOf(boundTo),
            BoundIfindex = boundTo,
        });

    /// <summary>A dispatcher of two slots that go on after XDP_PASS.</summary>
    public static ContractDispatcher LoadDispatcher(this ContractMachine machine, uint attachType = AttachTypeXdp, int boundTo = 0)
    {
        var bpf = machine.Port.Bpf;
        var generated = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [Slot.Default, Slot.Default]));
        using var btf = bpf.LoadBtf(generated.Btf.Encode(BigEndian));
        var config = generated.ConfigBytes(BigEndian);
        using var map = bpf.CreateConfigMap("config", config.Length, null, 0);
        bpf.WriteFirstElement(map, config);
        bpf.Freeze(map);
        var program = bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = DispatcherNames.Entry,
            Instructions = BpfEncoding.Encode(generated.Instructions.AsSpan(), BigEndian),
            License = "GPL",
            ExpectedAttachType = attachType,
            Flags = FlagsOf(boundTo),
            BoundIfindex = boundTo,
            Btf = btf,
            FunctionInfo = BtfExt.EncodeForKernel(generated.FuncInfo, BigEndian),
        });
        bpf.BindMap(program, map);
        return new ContractDispatcher(program, generated);
    }

    /// <summary>A component, verified against a function of a dispatcher.</summary>
    public static ProgramFd LoadComponent(
        this ContractMachine machine, ContractDispatcher target, uint verdict = Drop, string function = "prog0", string name = "component", int boundTo = 0)
    {
        var (btf, functionId) = ComponentBtf.Synthesise(name);
        using var btfFd = machine.Port.Bpf.LoadBtf(btf.Encode(BigEndian));
        Span<byte> functionInfo = stackalloc byte[8];
        BitConverter.TryWriteBytes(functionInfo[4..], functionId.Value);
        return machine.Port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Ext,
            Name = name,
            Instructions = Code(verdict),
            License = "GPL",
            Btf = btfFd,
            FunctionInfo = functionInfo,
            Flags = FlagsOf(boundTo),
            BoundIfindex = boundTo,
            AttachTarget = target.Program,
            AttachBtfTypeId = target.TypeIdOf(function),
        });
    }

    private static uint FlagsOf(int boundTo) => boundTo == 0 ? 0 : (uint)ProgramFlags.DeviceBound;

    /// <summary>Attaches a component in place of a function.</summary>
    public static LinkFd Attach(this ContractMachine machine, ProgramFd component, ContractDispatcher target, string function = "prog0") =>
        machine.Port.Bpf.AttachToFunction(component, target.Program, target.TypeIdOf(function));

    /// <summary>The verdict of a program on a packet.</summary>
    public static uint Run(this ContractMachine machine, ProgramFd program) => machine.Port.Bpf.TestRun(program, Packet).Verdict;

    /// <summary>The id of a program.</summary>
    public static ProgramId IdOf(this ContractMachine machine, ProgramFd program) => machine.Port.Bpf.GetInfo(program).Id;

    /// <summary>Whether a program lives; opening it by id does not keep it.</summary>
    public static bool Lives(this ContractMachine machine, ProgramId id)
    {
        using var fd = machine.Port.Bpf.OpenProgram(id);
        return fd is not null;
    }

    /// <summary>Whether a link lives.</summary>
    public static bool Lives(this ContractMachine machine, LinkId id)
    {
        using var fd = machine.Port.Bpf.OpenLink(id);
        return fd is not null;
    }

    /// <summary>Whether a map lives.</summary>
    public static bool Lives(this ContractMachine machine, MapId id)
    {
        using var fd = machine.Port.Bpf.OpenMap(id);
        return fd is not null;
    }

    /// <summary>Whether a BTF object lives.</summary>
    public static bool Lives(this ContractMachine machine, BtfId id)
    {
        using var fd = machine.Port.Bpf.OpenBtf(id);
        return fd is not null;
    }
}

/// <summary>A dispatcher in the kernel.</summary>
/// <param name="Program">Owned.</param>
/// <param name="Generated">What was loaded.</param>
internal sealed record ContractDispatcher(ProgramFd Program, DispatcherObject Generated) : IDisposable
{
    /// <summary>Type id of a function.</summary>
    public uint TypeIdOf(string function) => Generated.FindFunction(function)!.Value.BtfId.Value;

    /// <inheritdoc/>
    public void Dispose() => Program.Dispose();
}
