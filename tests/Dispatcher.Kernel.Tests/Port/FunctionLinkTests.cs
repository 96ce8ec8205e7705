using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>Components in the slots of dispatchers, on a kernel that has EXT programs.</summary>
[Collection(PortCollection.Name)]
public sealed class FunctionLinkTests
{
    private static readonly Version FirstWithTargetInInfo = new(5, 13);

    private readonly KernelPort _port = LinuxKernel.Open();

    [ExtFact]
    public void A_component_loaded_against_one_dispatcher_runs_in_another_until_its_link_closes()
    {
        using var dispatcher = _port.Bpf.LoadDispatcher();
        using var component = LoadAgainstPrivate(TinyProgram.Drop);
        Assert.Equal((uint)TinyProgram.Pass, Run(dispatcher.Program));

        LinkId id;
        using (var link = _port.Bpf.AttachToFunction(component, dispatcher.Program, dispatcher.TargetTypeId(1)))
        {
            id = _port.Bpf.GetInfo(link).Id;
            Assert.Equal((uint)TinyProgram.Drop, Run(dispatcher.Program));
        }

        Assert.Equal((uint)TinyProgram.Pass, Run(dispatcher.Program));
        Assert.Null(_port.Bpf.OpenLink(id));
    }

    [ExtFact]
    [Rule("P-049")]
    public void The_only_component_replaces_the_entry_function_itself()
    {
        using var dispatcher = _port.Bpf.LoadDispatcher(slots: 1);
        using var component = LoadAgainstPrivate(TinyProgram.Tx);
        using var link = _port.Bpf.AttachToFunction(component, dispatcher.Program, dispatcher.TargetTypeId(0));
        Assert.Equal((uint)TinyProgram.Tx, Run(dispatcher.Program));
    }

    [ExtFact]
    [Rule("P-072")]
    public void One_component_is_in_two_dispatchers_at_once()
    {
        using var first = _port.Bpf.LoadDispatcher();
        using var second = _port.Bpf.LoadDispatcher(slots: 3);
        using var component = LoadAgainstPrivate(TinyProgram.Drop);
        using var link = _port.Bpf.AttachToFunction(component, first.Program, first.TargetTypeId(0));
        using var another = _port.Bpf.AttachToFunction(component, second.Program, second.TargetTypeId(2));
        Assert.Equal(((uint)TinyProgram.Drop, (uint)TinyProgram.Drop), (Run(first.Program), Run(second.Program)));
    }

    [ExtFact]
    [Rule("P-226")]
    public void Link_info_names_the_program_and_from_5_13_what_it_is_attached_to()
    {
        using var dispatcher = _port.Bpf.LoadDispatcher();
        using var component = LoadAgainstPrivate(TinyProgram.Drop);
        using var link = _port.Bpf.AttachToFunction(component, dispatcher.Program, dispatcher.TargetTypeId(1));
        var info = _port.Bpf.GetInfo(link);
        Assert.Equal((2u, _port.Bpf.GetInfo(component).Id), (info.Type, info.ProgramId));
        var expected = Environment.OSVersion.Version >= FirstWithTargetInInfo
            ? (_port.Bpf.GetInfo(dispatcher.Program).Id.Value, dispatcher.TargetTypeId(1))
            : (0u, 0u);
        Assert.Equal(expected, (info.TargetObjectId, info.TargetBtfTypeId));
        using var byId = _port.Bpf.OpenLink(info.Id);
        Assert.Equal(info, _port.Bpf.GetInfo(byId!));
    }

    [ExtFact]
    public void A_slot_that_is_taken_is_busy()
    {
        using var dispatcher = _port.Bpf.LoadDispatcher();
        using var first = LoadAgainstPrivate(TinyProgram.Drop);
        using var second = LoadAgainstPrivate(TinyProgram.Tx);
        using var link = _port.Bpf.AttachToFunction(first, dispatcher.Program, dispatcher.TargetTypeId(0));
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(
            () => _port.Bpf.AttachToFunction(second, dispatcher.Program, dispatcher.TargetTypeId(0))).Errno);
    }

    [ExtFact]
    public void Pins_of_link_and_program_keep_a_component_in_its_slot()
    {
        using var own = new OwnBpfFs(_port.Files);
        using var dispatcher = _port.Bpf.LoadDispatcher();
        using (var component = LoadAgainstPrivate(TinyProgram.Drop))
        using (var link = _port.Bpf.AttachToFunction(component, dispatcher.Program, dispatcher.TargetTypeId(0)))
        {
            Assert.True(_port.Files.Pin(component, own.PathOf("prog0-prog")));
            Assert.True(_port.Files.Pin(link, own.PathOf("prog0-link")));
        }

        Assert.Equal((uint)TinyProgram.Drop, Run(dispatcher.Program));
        using (var component = _port.Files.OpenProgram(own.PathOf("prog0-prog")))
        using (var link = _port.Files.OpenLink(own.PathOf("prog0-link")))
        {
            Assert.Equal(_port.Bpf.GetInfo(component!).Id, _port.Bpf.GetInfo(link!).ProgramId);
            Assert.True(_port.Files.Unpin(own.PathOf("prog0-link")));
        }

        Assert.True(SpinWait.SpinUntil(() => Run(dispatcher.Program) == TinyProgram.Pass, TimeSpan.FromSeconds(30)));
    }

    [ExtFact]
    public void An_attached_dispatcher_runs_its_components_on_the_hook() => PrivateNetwork.Run(() =>
    {
        using var dispatcher = _port.Bpf.LoadDispatcher();
        using var component = LoadAgainstPrivate(TinyProgram.Drop);
        using var link = _port.Bpf.AttachToFunction(component, dispatcher.Program, dispatcher.TargetTypeId(0));
        Assert.Equal(SwapResult.Swapped, _port.Hook.Swap(PrivateNetwork.LoopbackIfindex, dispatcher.Program, HookExpectation.Empty, AttachMode.Skb).Result);
        Assert.Equal(0, Tool.Run("ip", "link", "set", "lo", "up").ExitCode);
        Assert.NotEqual(0, Tool.Run("ping", "-c", "1", "-W", "1", "127.0.0.1").ExitCode);
        Assert.Equal(SwapResult.Swapped, _port.Hook.Swap(PrivateNetwork.LoopbackIfindex, null, HookExpectation.Holds(dispatcher.Program), AttachMode.Skb).Result);
        Assert.Equal(0, Tool.Run("ping", "-c", "1", "-W", "5", "127.0.0.1").ExitCode);
    });

    private ProgramFd LoadAgainstPrivate(int verdict)
    {
        using var target = _port.Bpf.LoadDispatcher();
        return _port.Bpf.LoadExt(target, verdict);
    }

    private uint Run(ProgramFd program) => _port.Bpf.TestRun(program, TinyProgram.Packet).Verdict;
}
