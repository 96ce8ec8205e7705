using System.Buffers.Binary;
using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>A machine with one NIC, and processes that share it.</summary>
internal sealed class World
{
    public const string NicName = "eth0";
    public const string PinRoot = "/sys/fs/bpf/xdp";
    private static readonly byte[] Packet = new byte[64];

    public World(bool hasNativeMode = true)
    {
        Kernel.Network.Add("lo", hasNativeMode: false);
        Nic = Kernel.Network.Add(NicName, hasNativeMode);
    }

    public SimKernel Kernel { get; } = new();

    public SimInterface Nic { get; }

    /// <summary>A process with the production code in it.</summary>
    public Host Start(string? name = null, Action<XdpDispatcherOptions>? configure = null)
    {
        var options = new XdpDispatcherOptions { BpfFsPath = "/sys/fs/bpf", MountBpfFs = false };
        configure?.Invoke(options);
        return new Host(Kernel.StartProcess(name), options);
    }

    /// <summary>Attaches components one after the other, each from a process of its own that has ended.</summary>
    public void Prepare(params ReadOnlySpan<ComponentProgram> components) => Prepare(null, components);

    /// <summary>The same in a chain of this version; null: the one that a fresh chain gets.</summary>
    public void Prepare(DispatcherVersion? version, params ReadOnlySpan<ComponentProgram> components)
    {
        foreach (var component in components)
        {
            var host = Start();
            host.Attach([component], new AttachOptions { Protocol = version });
            host.Process.Kill();
        }

        Kernel.Settle();
    }

    /// <summary>Names of the components that a packet meets on the NIC, in order.</summary>
    public ImmutableArray<string> Run() => Kernel.Receive(Nic, Packet).Names;

    /// <summary>A packet's way over the NIC.</summary>
    public PacketRun Receive() => Kernel.Receive(Nic, Packet);

    /// <summary>Directories of dispatchers, by name.</summary>
    public ImmutableArray<string> Directories() => Kernel.BpfFs.IsOn(PinRoot) ? Kernel.BpfFs.List(PinRoot) : [];

    /// <summary>A component that answers every packet with one verdict.</summary>
    public static ComponentProgram Component(
        string name, uint priority = DispatcherLimits.DefaultPriority, XdpAction verdict = XdpAction.Pass, ChainCallActions? actions = null) =>
        ComponentProgram.FromBytecode(name, Code((int)verdict)) with { Priority = priority, Actions = actions ?? ChainCallActions.Default };

    /// <summary>r0 = verdict; exit.</summary>
    public static byte[] Code(int verdict)
    {
        byte[] code = [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(4), verdict);
        else
            BinaryPrimitives.WriteInt32BigEndian(code.AsSpan(4), verdict);
        return code;
    }

    /// <summary>Loads a plain XDP program, as a stranger to the protocol does.</summary>
    public static ProgramFd LoadPlain(SimProcess process, string name = "stranger", int verdict = 2) =>
        process.Port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = name,
            Instructions = Code(verdict),
            License = "GPL",
            ExpectedAttachType = 37,
        });
}
