using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

/// <summary>Components from ELF objects keep their maps as long as they are in a chain.</summary>
public sealed class ElfComponentTests
{
    private readonly World _world = new();

    [Fact]
    [Rule("P-002")]
    public void Its_map_lives_through_ten_changes_and_goes_with_it()
    {
        var host = _world.Start();
        host.Attach(FromElf("counter") with { Priority = 10 });
        var map = MapOf("counts");

        for (var round = 0; round < 5; round++)
        {
            host.Attach(Component("guest", 20));
            host.Detach(ComponentSelection.ByName("guest"));
            Assert.Same(map, MapOf("counts"));
        }

        ChainCheck.AssertNothingHeld(host);
        host.Detach(ComponentSelection.ByName("counter"));
        _world.Kernel.Settle();
        Assert.True(map.IsFreed);
    }

    [Theory]
    [InlineData("/tmp/maps")]
    [InlineData("/sys/fs/bpf/no/maps")]
    public void A_folder_that_no_map_can_be_pinned_in_is_refused_first(string folder)
    {
        var host = _world.Start();
        var refused = Assert.Throws<ComponentException>(() => host.Library.Apply(
            NicName, new AttachRequest([FromElf("counter")], new AttachOptions { MapPinFolder = folder }), CancellationToken.None));
        Assert.StartsWith($"'{folder}' is no folder on a BPF file system", refused.Message, StringComparison.Ordinal);
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void One_that_the_verifier_refuses_leaves_nothing()
    {
        _world.Kernel.Refusals["counter"] = "R1 invalid mem access\n";
        _world.Kernel.BpfFs.MakeDirectory(PinRoot);
        var before = SimCensus.Take(_world.Kernel);
        var host = _world.Start();

        Assert.Throws<VerifierException>(() => host.Attach(Component("first"), FromElf("counter")));

        ChainCheck.AssertNothingHeld(host);
        ChainCheck.AssertSameAs(before, _world);
    }

    private SimulatedKernel.Objects.SimMap MapOf(string name) => Assert.Single(_world.Kernel.Maps.All, map => map.Name == name);

    internal static ComponentProgram FromElf(string name)
    {
        const ElfSectionFlags Data = ElfSectionFlags.Alloc | ElfSectionFlags.Write;
        var code = Code(2);
        var bigEndian = !BitConverter.IsLittleEndian;
        var text = new ElfSection("xdp", ElfSectionType.ProgBits, ElfSectionFlags.Alloc | ElfSectionFlags.Executable, code, 8);
        var maps = new ElfSection(".maps", ElfSectionType.ProgBits, Data, new byte[32], 8);
        var btf = new ElfSection(".BTF", ElfSectionType.ProgBits, ElfSectionFlags.None, ComponentBtf.Synthesise(name).Btf.Encode(bigEndian), 4);
        return ComponentProgram.FromElf(
            ElfWriter.Write(new ElfObject
            {
                IsBigEndian = bigEndian,
                Sections = [text, maps, btf],
                Symbols = [ElfSymbol.GlobalFunction(name, text, 0, (ulong)code.Length), ElfSymbol.GlobalObject("counts", maps, 0, 32)],
            }),
            name + ".o");
    }
}
