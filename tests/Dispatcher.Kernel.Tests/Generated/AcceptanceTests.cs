using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Generated;

/// <summary>The running kernel takes every dispatcher that is generated, and gives back what went in.</summary>
public sealed class AcceptanceTests
{
    [RootTheory]
    [MemberData(nameof(GeneratedSpecs.All), MemberType = typeof(GeneratedSpecs))]
    public void Libbpf_loads_the_object_and_the_kernel_accepts_it(DispatcherVersion version, DispatcherFlavour flavour, int slotCount)
    {
        using var bpfFs = new BpfFs();
        using var loaded = ObjectLoader.Load(bpfFs, DispatcherGenerator.Generate(GeneratedSpecs.Of(version, flavour, slotCount)).WriteElf());

        Assert.Null(DispatcherIdentity.Check(loaded.Port.Bpf, loaded.Info, out var config));
        Assert.Equal(GeneratedSpecs.Of(version, flavour, slotCount).ToConfig(), config);
    }

    [RootTheory]
    [InlineData(DispatcherVersion.V1)]
    [InlineData(DispatcherVersion.V2)]
    [InlineData(DispatcherVersion.V3)]
    [Rule("P-021", "P-022", "P-030")]
    public void The_runtime_loads_it_and_reads_back_version_and_policy(DispatcherVersion version)
    {
        var port = LinuxKernel.Open();
        foreach (var flags in new[] { ProgramFlags.None, ProgramFlags.Frags })
        {
            for (var slotCount = 1; slotCount <= DispatcherLimits.MaxSlots; slotCount++)
            {
                var spec = GeneratedSpecs.Of(version, DispatcherFlavour.Specialised, slotCount, flags & ~version.FlagsBeyond());
                using var loaded = DispatcherLoader.Load(port.Bpf, spec);
                var info = port.Bpf.GetInfo(loaded.Program);

                Assert.Null(DispatcherIdentity.Check(port.Bpf, info, out var config));
                Assert.Equal(spec.ToConfig(), config);
                Assert.Equal(loaded.Generated.Btf.Encode(!BitConverter.IsLittleEndian), ProgramBtf.ReadBytes(port.Bpf, info));
            }
        }
    }

    [RootFact]
    [Rule("P-046")]
    public void An_empty_dispatcher_lets_every_packet_through()
    {
        var port = LinuxKernel.Open();
        for (var slotCount = 1; slotCount <= DispatcherLimits.MaxSlots; slotCount++)
        {
            using var loaded = DispatcherLoader.Load(port.Bpf, GeneratedSpecs.Of(DispatcherVersion.V2, DispatcherFlavour.Specialised, slotCount));
            Assert.Equal((uint)XdpAction.Pass, port.Bpf.TestRun(loaded.Program, new byte[64]).Verdict);
        }
    }
}
