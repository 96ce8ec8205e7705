using System.Globalization;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>What is not ours, or not known to us, is never replaced or removed.</summary>
public sealed class ForeignProgramTests
{
    private const string PassSource = """
        #include <linux/bpf.h>
        #include <bpf/bpf_helpers.h>
        SEC("xdp") int somebody(struct xdp_md *ctx) { return XDP_PASS; }
        char _license[] SEC("license") = "GPL";

        """;

    [RootFact]
    public async Task A_program_that_somebody_attached_stays_and_is_named()
    {
        var program = await RefusalOver(Clang.Compile(PassSource), "somebody");

        Assert.Equal(("somebody", "it is not a dispatcher"), (program.Name, program.Reason));
    }

    [RootFact]
    public async Task A_dispatcher_of_version_9_stays_and_its_version_is_named()
    {
        var twin = DispatcherSource.Render(new DispatcherSpec(DispatcherVersion.V3, [Slot.Default]));
        var ninth = twin.Replace("__uint(dispatcher_version, DISPATCHER_VERSION)", "__uint(dispatcher_version, 9)", StringComparison.Ordinal);
        Assert.NotEqual(twin, ninth);

        var program = await RefusalOver(Clang.Compile(ninth), "xdp_dispatcher");

        Assert.Contains("dispatcher of version 9", program.Reason, StringComparison.Ordinal);
        Assert.Contains("Upgrade", Assert.Single(program.Holder!.Advice), StringComparison.Ordinal);
    }

    private static async Task<ForeignProgram> RefusalOver(byte[] foreignObject, string program)
    {
        using var chain = new ChainFixture();
        using var folder = new TempFolder();
        using var pins = new BpfFs();
        var pin = pins.PathOf("foreign");
        Tool.Run("bpftool", "prog", "load", folder.Write("foreign.o", foreignObject), pin).OrFail();
        Tool.Run("bpftool", "net", "attach", "xdp", "pinned", pin, "dev", chain.Interface).OrFail();
        var before = (await chain.Read()).Foreign!;
        Assert.Equal(program, before.Name);

        var refused = await chain.Refusal();

        Assert.Contains(before.Id.Value.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.Equal(before with { Holder = null }, (await chain.Read()).Foreign! with { Holder = null });
        var holder = refused.Program.Holder!;
        Assert.Equal((HookAttachment.Netlink, null), (holder.Attachment, holder.Link));
        Assert.Contains(pin, holder.Pins);
        Assert.Empty(holder.Processes);
        Tool.Run("bpftool", "net", "detach", "xdp", "dev", chain.Interface).OrFail();
        return refused.Program;
    }
}
