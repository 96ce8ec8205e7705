using System.Globalization;
using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Contract;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Contract;

/// <summary>The running kernel, to be asked: in a network namespace of its own, on a BPF file system of its own.</summary>
internal sealed class LinuxContractMachine : ContractMachine
{
    private const string InterfaceName = "left";
    private const string PeerName = "right";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LinkWatch = TimeSpan.FromMilliseconds(1500);
    private readonly OwnBpfFs _files;
    private NetNamespace? _other;

    /// <summary>Call it on a thread of <see cref="PrivateNetwork"/>: the interfaces go with its namespace.</summary>
    public LinuxContractMachine()
    {
        Port = LinuxKernel.Open();
        Tool.Run("ip", "link", "add", InterfaceName, "type", "veth", "peer", "name", PeerName).OrFail();
        Ifindex = Port.Hook.Read(InterfaceName)!.Index;
        _files = new OwnBpfFs(Port.Files);
    }

    public override KernelPort Port { get; }

    public override int Ifindex { get; }

    public override int SkbOnlyIfindex => PrivateNetwork.LoopbackIfindex;

    public override string Folder => _files.Root;

    public override LinkFd LinkHook(ProgramFd program) => XdpLink.Create(program, Ifindex);

    public override void SetPeerMtu(int mtu) =>
        Tool.Run("ip", "link", "set", PeerName, "mtu", mtu.ToString(CultureInfo.InvariantCulture)).OrFail();

    // The kernel tells of the state of the link a second time, up to a second later (its linkwatch): until then nothing is silence.
    public override void BringUp()
    {
        using var notices = Port.Events.Subscribe("/sys/fs/bpf/xdp");
        Tool.Run("ip", "link", "set", InterfaceName, "up").OrFail();
        while (notices.Next(LinkWatch, CancellationToken.None) is not null)
        {
        }
    }

    public override void TakeDown() => Tool.Run("ip", "link", "set", InterfaceName, "down").OrFail();

    public override void Rename(string name) => Tool.Run("ip", "link", "set", InterfaceName, "name", name).OrFail();

    public override void MoveInterface()
    {
        _other = new NetNamespace();
        Tool.Run("ip", "link", "set", InterfaceName, "netns", _other.Name).OrFail();
    }

    public override void RemoveInterface() => Tool.Run("ip", "link", "del", InterfaceName).OrFail();

    public override bool Eventually(Func<bool> condition) => SpinWait.SpinUntil(condition, Patience);

    public override void Dispose()
    {
        _other?.Dispose();
        _files.Dispose();
    }
}
