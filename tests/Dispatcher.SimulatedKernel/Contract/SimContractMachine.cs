using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>The simulated kernel, to be asked.</summary>
internal sealed class SimContractMachine : ContractMachine
{
    private readonly SimKernel _kernel = new();
    private readonly SimProcess _process;
    private readonly SimInterface _interface;

    public SimContractMachine()
    {
        SkbOnlyIfindex = _kernel.Network.Add("lo", hasNativeMode: false).Index;
        _interface = _kernel.Network.Add("left");
        _interface.IsUp = false;
        var peer = _kernel.Network.Add("right");
        (_interface.Peer, peer.Peer) = (peer, _interface);
        _process = _kernel.StartProcess();
        _kernel.BpfFs.MakeDirectory(Folder);
    }

    public override KernelPort Port => _process.Port;

    public override int Ifindex => _interface.Index;

    public override int SkbOnlyIfindex { get; }

    public override string Folder => "/sys/fs/bpf/contract";

    public override LinkFd LinkHook(ProgramFd program) => _process.LinkHook(_interface, program, AttachMode.Skb);

    public override void SetPeerMtu(int mtu) => _interface.Peer!.Mtu = mtu;

    public override void BringUp() => _interface.IsUp = true;

    public override void TakeDown() => _interface.IsUp = false;

    public override void Rename(string name) => _interface.Rename(name);

    public override void MoveInterface() => _kernel.Network.Move(_interface, new SimNetwork("other"));

    public override void RemoveInterface() => _kernel.Network.Remove(_interface);

    public override bool Eventually(Func<bool> condition)
    {
        _kernel.Settle();
        return condition();
    }

    /// <summary>A rule cleans up after itself, as it must on a real kernel.</summary>
    public override void Dispose() => Assert.Empty(_process.OpenFds);
}
