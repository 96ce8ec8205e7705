using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

[Collection(PortCollection.Name)]
public sealed class HostHolderTests
{
    private const int CloneFiles = 0x400;

    /// <summary>Whether this process may look into the first one, and with it into every other.</summary>
    internal static bool IsTrusted =>
        new FileInfo("/proc/self/ns/pid").LinkTarget == "pid:[4026531836]" && Tool.Run("readlink", "/proc/1/fd/0").ExitCode == 0;

    private readonly KernelPort _kernel = LinuxKernel.Open();

    [RootFact]
    public void This_process_is_named_with_what_it_has_open()
    {
        using var program = _kernel.Bpf.LoadXdp();
        var id = _kernel.Bpf.GetInfo(program).Id;

        var reading = _kernel.Host.ReadHolders();
        var self = Assert.Single(reading.Holders, holder => holder.ProcessId == Environment.ProcessId);

        Assert.Contains(id, self.Programs);
        Assert.Equal(File.ReadAllText("/proc/self/comm").TrimEnd('\n'), self.Command);
        Assert.Equal(IsTrusted, reading.IsComplete);
    }

    [RootFact]
    public void A_child_that_inherited_a_program_holds_it_after_we_closed_it()
    {
        var program = _kernel.Bpf.LoadXdp();
        var id = _kernel.Bpf.GetInfo(program).Id;
        using (var child = OtherProcess.Inheriting((OwnedFd)program.Handle))
        {
            program.Dispose();
            var holder = Assert.Single(_kernel.Host.ReadHolders().Holders, holder => holder.Programs.Contains(id));
            Assert.Equal((child.Id, OtherProcess.Command), (holder.ProcessId, holder.Command));
            Assert.Empty(holder.Links);
        }

        Assert.DoesNotContain(_kernel.Host.ReadHolders().Holders, holder => holder.Programs.Contains(id));
    }

    [RootFact]
    public void A_link_that_a_process_has_open_is_not_taken_for_its_program() => PrivateNetwork.Run(() =>
    {
        using var program = _kernel.Bpf.LoadXdp();
        using var link = XdpLink.Create(program, PrivateNetwork.LoopbackIfindex);
        var (programId, linkId) = (_kernel.Bpf.GetInfo(program).Id, _kernel.Bpf.GetInfo(link).Id);
        using var child = OtherProcess.Inheriting((OwnedFd)link.Handle);

        var holder = Assert.Single(_kernel.Host.ReadHolders().Holders, holder => holder.ProcessId == child.Id);

        Assert.Equal([linkId], holder.Links);
        Assert.DoesNotContain(programId, holder.Programs);
    });

    [RootFact]
    public void A_thread_with_an_fd_table_of_its_own_is_looked_into()
    {
        using var isApart = new ManualResetEventSlim();
        using var isSeen = new ManualResetEventSlim();
        var program = _kernel.Bpf.LoadXdp();
        var id = _kernel.Bpf.GetInfo(program).Id;
        var thread = new Thread(() =>
        {
            Libc.Unshare(CloneFiles);
            isApart.Set();
            isSeen.Wait();
        });
        thread.Start();
        isApart.Wait();
        program.Dispose();

        var holder = Assert.Single(_kernel.Host.ReadHolders().Holders, holder => holder.Programs.Contains(id));
        isSeen.Set();
        thread.Join();

        Assert.Equal(Environment.ProcessId, holder.ProcessId);
    }
}
