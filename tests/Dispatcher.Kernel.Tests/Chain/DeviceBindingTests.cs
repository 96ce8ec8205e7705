using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>Chains whose programs are bound to the device, on the running kernel.</summary>
[Collection(PortCollection.Name)]
public sealed class DeviceBindingTests
{
    private static readonly bool KernelBinds = Environment.OSVersion.Version >= new Version(6, 3);

    [ExtFact]
    [Rule("P-020", "P-050", "P-067", "P-145")]
    public async Task Packets_pass_a_bound_chain_that_grows_shrinks_and_takes_no_others()
    {
        Need.That(KernelBinds, "Kernel", "needs Linux 6.3");
        using var ns = new NetNamespace();
        using var chain = new ChainFixture(ns);
        chain.Pair.AddAddresses("10.78.0.1/24", "10.78.0.2/24");

        var added = await chain.Attach(chain.One, Counter(), Counter() with { Priority = 60 });
        Ping(chain);
        var joined = await chain.Attach(chain.Other, Counter() with { Priority = 70 });
        var before = await chain.Read();
        var pins = chain.Pins;
        var refused = await Assert.ThrowsAsync<RefusedException>(() => chain.Attach(chain.Other, Returning("plain", XdpAction.Pass)));

        Assert.Equal((DispatcherVersion.V3, AttachMode.Native), (added.After.Chain!.Version, added.After.Mode!.Value));
        Assert.Contains("'plain' (new) is not", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.Chain!.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
        Assert.Equal(pins, chain.Pins);
        Assert.Equal(KernelErrno.EINVAL, (await Assert.ThrowsAsync<KernelException>(chain.Verdict)).Errno);
        Ping(chain);
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.ById(added.Programs[0].Id), Cancellation);
        Ping(chain);
        Assert.True(PacketsSeen(added.Programs[1].Id) >= 9);
        Assert.True(PacketsSeen(joined.Programs[0].Id) >= 6);
        Assert.All((await chain.Read()).Chain!.Programs, program => Assert.True(program.IsDeviceBound));
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
        Assert.Equal(["xdp"], chain.Pins);
    }

    [ExtFact]
    public async Task A_bound_component_may_ask_the_driver_for_metadata_and_another_may_not()
    {
        Need.That(KernelBinds, "Kernel", "needs Linux 6.3");
        using var chain = new ChainFixture();
        var component = ComponentProgram.FromElfFile(ComponentObject.PathOf("metadata"));

        await Assert.ThrowsAsync<VerifierException>(() => chain.Attach(chain.One, component));
        await chain.Attach(chain.One, component with { Flags = ProgramFlags.DeviceBound });

        Assert.Equal(["xdp_metadata"], await chain.Names());
    }

    [ExtFact]
    public async Task In_another_namespace_a_chain_is_bound_to_the_interface_there()
    {
        Need.That(KernelBinds, "Kernel", "needs Linux 6.3");
        using var network = new NetNamespace();
        using var pins = new BpfFs();
        network.Run("ip", "link", "add", "nic0", "index", "4711", "type", "veth", "peer", "name", "nic1").OrFail();
        var dispatcher = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = pins.FullPath, NetworkNamespace = network.Name });

        var added = await dispatcher.AttachAsync("nic0", [Counter()], cancellationToken: Cancellation);

        Assert.True(Assert.Single(added.After.Chain!.Programs).IsDeviceBound);
        await dispatcher.DetachAsync("nic0", ComponentSelection.All, Cancellation);
    }

    [ExtFact]
    public async Task A_driver_without_metadata_and_a_kernel_that_binds_none_are_named()
    {
        using var chain = new ChainFixture();
        if (KernelBinds)
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() => chain.One.AttachAsync("lo", [Counter()], cancellationToken: Cancellation));
            Assert.Contains("The driver of lo", refused.Message, StringComparison.Ordinal);
        }
        else
        {
            var unsupported = await Assert.ThrowsAsync<UnsupportedKernelException>(() => chain.Attach(chain.One, Counter()));
            Assert.Equal("6.3", unsupported.MinimumKernel);
        }

        Assert.DoesNotContain(chain.Pins, pin => pin.Contains("dispatch-", StringComparison.Ordinal));
    }

    private static ComponentProgram Counter() => ComponentProgram.FromElfFile(ComponentObject.PathOf("counter")) with { Flags = ProgramFlags.DeviceBound };

    private static void Ping(ChainFixture chain) =>
        chain.Pair.Right.Run("ping", "-c", "3", "-i", "0.2", "-W", "5", "10.78.0.1").OrFail();

    // struct xdp_traffic: packets, then bytes.
    private static ulong PacketsSeen(ProgramId id)
    {
        var bpf = LinuxKernel.Open().Bpf;
        using var program = bpf.OpenProgram(id)!;
        using var map = bpf.OpenMap(bpf.GetInfo(program).MapIds[0])!;
        return BitConverter.ToUInt64(bpf.ReadFirstElement(map, bpf.GetInfo(map).ValueSize));
    }
}
