using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.Testing;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Transactions;

public sealed class ForeignTests
{
    private readonly World _world = new();

    [Fact]
    [Rule("P-035", "P-112", "P-151")]
    public void A_plain_program_is_never_displaced()
    {
        var stranger = _world.Kernel.StartProcess();
        stranger.ForceHook(_world.Nic, LoadPlain(stranger));

        AssertRefused("'stranger'", "not a dispatcher");
    }

    [Fact]
    [Rule("P-151")]
    public void A_program_that_a_link_holds_is_never_displaced()
    {
        var stranger = _world.Kernel.StartProcess();
        using var link = stranger.LinkHook(_world.Nic, LoadPlain(stranger));

        AssertRefused("'stranger'");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(0)]
    [Rule("P-036", "P-151")]
    public void A_dispatcher_of_a_version_we_do_not_know_is_never_displaced(int version)
    {
        var stranger = _world.Kernel.StartProcess();
        stranger.ForceHook(_world.Nic, LoadMarked(stranger, version));

        AssertRefused($"version {version}");
    }

    [Fact]
    [Rule("P-022", "P-023")]
    public void A_dispatcher_with_a_second_map_is_never_displaced()
    {
        var stranger = _world.Kernel.StartProcess();
        using var loaded = Runtime.Transactions.DispatcherLoader.Load(stranger.Port.Bpf, new DispatcherSpec(DispatcherVersion.V2, [Slot.Default]));
        using (var counters = stranger.Port.Bpf.CreateConfigMap("counters", 8, null, 0))
            stranger.Port.Bpf.BindMap(loaded.Program, counters);
        stranger.ForceHook(_world.Nic, loaded.Program);

        AssertRefused("has 2 maps");
    }

    [Fact]
    [Rule("P-016", "P-023")]
    public void A_dispatcher_whose_map_has_the_size_of_another_version_is_never_displaced()
    {
        var stranger = _world.Kernel.StartProcess();
        var program = LoadMarked(stranger, 2);
        using (var config = stranger.Port.Bpf.CreateConfigMap("config", 84, null, 0))
            stranger.Port.Bpf.BindMap(program, config);
        stranger.ForceHook(_world.Nic, program);

        AssertRefused("not an array of one entry of 124 bytes");
    }

    [Fact]
    [Rule("P-034")]
    public void A_program_only_called_like_a_dispatcher_is_never_displaced()
    {
        var stranger = _world.Kernel.StartProcess();
        stranger.ForceHook(_world.Nic, LoadPlain(stranger, "xdp_dispatcher"));

        AssertRefused("has no BTF");
    }

    [Fact]
    [Rule("P-130", "P-151")]
    public void A_stranger_that_comes_between_reading_and_swapping_is_not_displaced()
    {
        var host = _world.Start();
        var stranger = _world.Kernel.StartProcess();
        _world.Before(host, nameof(IXdpHook.Swap), _ => stranger.ForceHook(_world.Nic, LoadPlain(stranger)));

        Assert.Throws<ForeignProgramException>(() => host.Attach(Component("ours")));

        Assert.Equal(["stranger"], _world.Run());
        Assert.Empty(_world.Directories());
        ChainCheck.AssertNothingHeld(host);
    }

    [Fact]
    public void A_stranger_that_displaces_our_chain_is_not_removed_by_a_detach()
    {
        _world.Prepare(Component("ours"));
        var host = _world.Start();
        var stranger = _world.Kernel.StartProcess();
        _world.Before(host, nameof(IXdpHook.Swap), _ => stranger.ForceHook(_world.Nic, LoadPlain(stranger)));

        Assert.Throws<ForeignProgramException>(() => host.Detach(ComponentSelection.All));

        Assert.Equal(["stranger"], _world.Run());
        ChainCheck.AssertNothingHeld(host);
    }

    private void AssertRefused(params string[] words)
    {
        var host = _world.Start();
        if (!_world.Kernel.BpfFs.IsOn(PinRoot))
            _world.Kernel.BpfFs.MakeDirectory(PinRoot);
        var before = SimCensus.Take(_world.Kernel);

        var attach = Assert.Throws<ForeignProgramException>(() => host.Attach(Component("ours")));
        var detach = Assert.Throws<ForeignProgramException>(() => host.Detach(ComponentSelection.All));

        foreach (var word in words.Append(NicName))
        {
            Assert.Contains(word, attach.Message, StringComparison.Ordinal);
            Assert.Contains(word, detach.Message, StringComparison.Ordinal);
        }

        Assert.NotNull(host.Status().Foreign);
        ChainCheck.AssertSameAs(before, _world);
        ChainCheck.AssertNothingHeld(host);
    }

    internal static ProgramFd LoadMarked(SimProcess process, int version)
    {
        var builder = new BtfBuilder();
        var number = builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        var array = builder.Add(new BtfArray(number, number, (uint)version));
        var pointer = builder.Add(new BtfPtr(array));
        var marker = builder.Add(new BtfVar(DispatcherMarker.Variable, pointer, BtfLinkage.Global));
        builder.Add(new BtfDataSec(DispatcherMarker.Section, 8, [new BtfSectionVariable(marker, 0, 8)]));
        using var btf = process.Port.Bpf.LoadBtf(builder.Build().Encode(!BitConverter.IsLittleEndian));
        return process.Port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = DispatcherNames.Entry,
            Instructions = Code((int)XdpAction.Pass),
            License = "GPL",
            ExpectedAttachType = 37,
            Btf = btf,
        });
    }
}
