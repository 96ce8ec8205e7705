using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>What keeps a foreign program on a hook is found, and the advice that is given takes it off.</summary>
[Collection(PortCollection.Name)]
public sealed class ForeignHolderTests
{
    private readonly KernelPort _kernel = LinuxKernel.Open();

    [RootTheory]
    [InlineData("xdpgeneric")]
    [InlineData("xdpdrv")]
    public async Task The_command_that_is_advised_takes_a_program_off_that_netlink_attached(string hook)
    {
        using var chain = new ChainFixture();
        var pin = chain.PathOf("guard");
        using (var program = _kernel.Bpf.LoadXdp())
            Assert.True(_kernel.Files.Pin(program, pin));
        Tool.Run("ip", "link", "set", "dev", chain.Interface, hook, "pinned", pin).OrFail();

        var holder = (await chain.Refusal()).Program.Holder!;

        Assert.Equal((HookAttachment.Netlink, null), (holder.Attachment, holder.Link));
        Assert.Contains(pin, holder.Pins);
        Assert.Empty(holder.Processes);
        var command = Assert.Single(holder.Advice).Split('\'')[1];
        Assert.EndsWith($"{hook} off", command, StringComparison.Ordinal);
        Tool.Run("ip", command.Split(' ')[1..]).OrFail();
        Assert.True((await chain.Read()).IsEmpty);
    }

    [RootFact]
    public async Task A_link_that_a_process_holds_names_the_process_and_goes_with_it()
    {
        using var chain = new ChainFixture();
        LinkId id;
        OtherProcess guard;
        using (var link = await Attach(chain))
        {
            id = _kernel.Bpf.GetInfo(link).Id;
            guard = OtherProcess.Inheriting((OwnedFd)link.Handle);
        }

        using (guard)
        {
            var holder = (await chain.Refusal()).Program.Holder!;

            Assert.Equal((HookAttachment.Link, id), (holder.Attachment, holder.Link));
            Assert.Equal([new HolderProcess(guard.Id, OtherProcess.Command)], holder.Processes);
            Assert.Empty(holder.Pins);
            Assert.StartsWith("End process", Assert.Single(holder.Advice), StringComparison.Ordinal);
        }

        await chain.BecomesEmpty();
    }

    [RootFact]
    public async Task A_pinned_link_names_its_pin_and_goes_with_it()
    {
        using var chain = new ChainFixture();
        var pin = chain.PathOf("guard");
        using (var link = await Attach(chain))
            Assert.True(_kernel.Files.Pin(link, pin));

        var holder = (await chain.Refusal()).Program.Holder!;

        Assert.Equal(HookAttachment.Link, holder.Attachment);
        Assert.Contains(pin, holder.Pins);
        Assert.Empty(holder.Processes);
        Assert.StartsWith("Remove the pin", Assert.Single(holder.Advice), StringComparison.Ordinal);
        Assert.True(_kernel.Files.Unpin(pin));
        await chain.BecomesEmpty();
    }

    [ExtFact]
    [Rule("P-151")]
    public async Task A_chain_whose_hook_a_link_owns_is_read_and_left_to_the_owner_of_the_link()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("ours", XdpAction.Pass));
        using var dispatcher = _kernel.Bpf.OpenProgram((await chain.Read()).Chain!.DispatcherId)!;
        Tool.Run("ip", "link", "set", "dev", chain.Interface, "xdpdrv", "off").OrFail();
        using (var link = XdpLink.Create(dispatcher, (await chain.Read()).InterfaceIndex))
        {
            var refused = await chain.Refusal();

            Assert.Contains($"bpf_link {_kernel.Bpf.GetInfo(link).Id} owns the hook", refused.Message, StringComparison.Ordinal);
            Assert.Contains(Environment.ProcessId, refused.Program.Holder!.Processes.Select(process => process.Id));
            Assert.Equal(["ours"], await chain.Names());
        }

        await chain.BecomesEmpty();
    }

    private async Task<LinkFd> Attach(ChainFixture chain)
    {
        using var program = _kernel.Bpf.LoadXdp();
        return XdpLink.Create(program, (await chain.Read()).InterfaceIndex);
    }
}
