using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>A component that goes on in another program, which somebody puts into its program array.</summary>
public sealed class TailCallTests
{
    private readonly KernelPort _port = LinuxKernel.Open();

    [ExtFact]
    [Rule("P-077")]
    public async Task Targets_are_kept_when_every_process_that_knew_the_map_has_closed_it()
    {
        using var chain = new ChainFixture();
        var folder = chain.PathOf("maps");
        var caller = ComponentProgram.FromElfFile(ComponentObject.PathOf("tail_call"));
        await chain.One.AttachAsync(chain.Interface, [caller], new AttachOptions { MapPinFolder = folder }, Cancellation);
        Assert.Equal(XdpAction.Pass, await chain.Verdict());

        PutTarget(chain, folder + "/targets");

        Assert.Equal(XdpAction.Drop, await chain.Verdict());
        await chain.Attach(chain.Other, Returning("first", XdpAction.Pass, priority: 1));
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
        await chain.Other.DetachAsync(chain.Interface, ComponentSelection.ByName("first"), Cancellation);
        Assert.Equal(XdpAction.Drop, await chain.Verdict());
    }

    [ExtFact]
    [Rule("P-077")]
    public async Task Without_a_folder_to_keep_the_targets_in_it_is_refused_before_anything_is_loaded()
    {
        using var chain = new ChainFixture();

        var refused = await Assert.ThrowsAsync<ComponentException>(
            () => chain.Attach(chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("tail_call"))));

        Assert.Contains("xdp_tail_call makes tail calls", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--pin-path", refused.Message, StringComparison.Ordinal);
        Assert.True((await chain.Read()).IsEmpty);
    }

    // bpftool is a process of its own, and none of ours has the map open: only the pin keeps what it writes.
    private void PutTarget(ChainFixture chain, string map)
    {
        using var target = LoadTarget();
        var pin = chain.PathOf("target");
        Assert.True(_port.Files.Pin(target, pin));
        Tool.Run("bpftool", "map", "update", "pinned", map, "key", "0", "0", "0", "0", "value", "pinned", pin).OrFail();
        _port.Files.Unpin(pin);
    }

    // An array that an EXT program uses takes EXT programs on 5.10, and XDP programs of expected attach type 0 later.
    private ProgramFd LoadTarget()
    {
        if (Environment.OSVersion.Version >= new Version(6, 1))
        {
            return _port.Bpf.LoadProgram(new ProgramLoadRequest
            {
                Type = ProgramType.Xdp,
                Name = "target",
                Instructions = TinyProgram.Returning(TinyProgram.Drop),
                License = "GPL",
            });
        }

        using var dispatcher = _port.Bpf.LoadDispatcher();
        return _port.Bpf.LoadExt(dispatcher);
    }
}
