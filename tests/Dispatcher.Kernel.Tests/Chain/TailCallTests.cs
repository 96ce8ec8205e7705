using System.Text;
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
    public async Task The_program_in_the_document_puts_a_target_in()
    {
        using var chain = new ChainFixture();
        using var folder = new TempFolder();
        var maps = chain.PathOf("maps");
        await chain.One.AttachAsync(
            chain.Interface, [ComponentProgram.FromElfFile(ComponentObject.PathOf("tail_call"))], new AttachOptions { MapPinFolder = maps }, Cancellation);
        var source = folder.Write("put-target.c", Encoding.UTF8.GetBytes(CodeOf("docs/operations.md", "## Tail calls")));
        Tool.Run("cc", "-Wall", "-Werror", "-o", folder.PathOf("put-target"), source, "-lbpf").OrFail();
        var target = folder.Write("target.o", Clang.Compile("__attribute__((section(\"xdp\"))) int target(void *ctx) { return 1; }\n"));

        var put = Tool.Run(folder.PathOf("put-target"), target, maps + "/targets", "0");

        // On 5.10 the array takes programs of type EXT only.
        var isTaken = Environment.OSVersion.Version >= new Version(6, 1);
        Assert.True(put.ExitCode == (isTaken ? 0 : 1), put.Error);
        Assert.Equal(isTaken ? XdpAction.Drop : XdpAction.Pass, await chain.Verdict());
    }

    [ExtFact]
    [Rule("P-077")]
    public async Task Without_a_folder_to_keep_the_targets_in_it_is_refused_before_anything_is_loaded()
    {
        using var chain = new ChainFixture();

        var refused = await Assert.ThrowsAsync<ComponentException>(
            () => chain.Attach(chain.One, ComponentProgram.FromElfFile(ComponentObject.PathOf("tail_call"))));

        Assert.Contains("xdp_tail_call makes tail calls", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AttachOptions.MapPinFolder", refused.Message, StringComparison.Ordinal);
        Assert.True((await chain.Read()).IsEmpty);
    }

    private static string CodeOf(string document, string heading) =>
        File.ReadAllText(Repository.PathOf(document)).Split(heading)[1].Split("```c\n")[1].Split("```")[0];

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
