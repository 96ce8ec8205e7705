using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

[Collection(PortCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class BpfFsTests : IDisposable
{
    private readonly KernelPort _port = LinuxKernel.Open();
    private readonly OwnBpfFs _own;

    public BpfFsTests()
    {
        Need.Bpf();
        _own = new OwnBpfFs(_port.Files);
    }

    public void Dispose() => _own.Dispose();

    [RootFact]
    public void Knows_a_BPF_file_system_from_another_and_from_none()
    {
        Assert.True(_port.Files.IsBpfFs(_own.Root));
        Assert.False(_port.Files.IsBpfFs("/proc"));
        Assert.False(_port.Files.IsBpfFs(_own.PathOf("nothing/here")));
    }

    [RootFact]
    [Rule("P-083")]
    public void Makes_lists_and_removes_directories()
    {
        var folder = _own.PathOf("xdp");
        Assert.Null(_port.Files.List(folder));
        Assert.True(_port.Files.MakeDirectory(folder));
        Assert.False(_port.Files.MakeDirectory(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Empty(_port.Files.List(folder)!);

        _port.Files.MakeDirectory(folder + "/dispatch-2-20");
        _port.Files.MakeDirectory(folder + "/dispatch-1-10");
        Assert.Equal(["dispatch-1-10", "dispatch-2-20"], _port.Files.List(folder)!);
        Assert.False(_port.Files.RemoveDirectory(folder));
        Assert.True(_port.Files.RemoveDirectory(folder + "/dispatch-1-10"));
        Assert.False(_port.Files.RemoveDirectory(folder + "/dispatch-1-10"));
    }

    [RootFact]
    public void A_name_with_a_dot_or_a_missing_parent_says_what_such_a_folder_needs()
    {
        Assert.Contains("no dots", Assert.Throws<KernelException>(() => _port.Files.MakeDirectory(_own.PathOf("a.b"))).Message, StringComparison.Ordinal);
        Assert.Contains("mount -t bpf", Assert.Throws<KernelException>(() => _port.Files.MakeDirectory(_own.PathOf("a/b"))).Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_change_in_a_directory_makes_it_young()
    {
        var folder = _own.PathOf("xdp");
        Assert.Null(_port.Files.Age(folder));
        _port.Files.MakeDirectory(folder);
        var touched = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Directory.SetLastWriteTimeUtc(folder, touched);
        Assert.True(_port.Files.Age(folder) > TimeSpan.FromDays(365));
        _port.Files.MakeDirectory(folder + "/new");
        Assert.True(_port.Files.Age(folder) < TimeSpan.FromMinutes(1));
    }

    [RootFact]
    public void A_pinned_program_is_opened_again_until_it_is_unpinned()
    {
        var pin = _own.PathOf("prog0-prog");
        ProgramId id;
        using (var program = _port.Bpf.LoadXdp())
        {
            id = _port.Bpf.GetInfo(program).Id;
            Assert.True(_port.Files.Pin(program, pin));
            Assert.False(_port.Files.Pin(program, pin));
        }

        using (var again = _port.Files.OpenProgram(pin))
            Assert.Equal(id, _port.Bpf.GetInfo(again!).Id);
        Assert.True(_port.Files.Unpin(pin));
        Assert.False(_port.Files.Unpin(pin));
        Assert.Null(_port.Files.OpenProgram(pin));
        Assert.Null(_port.Files.OpenProgram(_own.PathOf("missing/prog0-prog")));
    }

    [RootFact]
    public void A_pinned_link_keeps_the_hook_and_is_no_program() => PrivateNetwork.Run(() =>
    {
        var pin = _own.PathOf("prog0-link");
        using var program = _port.Bpf.LoadXdp();
        using (var link = XdpLink.Create(program, PrivateNetwork.LoopbackIfindex))
            Assert.True(_port.Files.Pin(link, pin));

        Assert.Single(_port.Hook.Read(PrivateNetwork.LoopbackIfindex)!.Attached);
        using (var again = _port.Files.OpenLink(pin))
            Assert.Equal(_port.Bpf.GetInfo(program).Id, _port.Bpf.GetInfo(again!).ProgramId);
        var error = Assert.Throws<KernelException>(() => _port.Files.OpenProgram(pin));
        Assert.Contains("not a program", error.Message, StringComparison.Ordinal);
        Assert.True(_port.Files.Unpin(pin));
    });

    [RootFact]
    public void Pinning_outside_of_a_BPF_file_system_says_so()
    {
        using var folder = new TempFolder();
        using var program = _port.Bpf.LoadXdp();
        var error = Assert.Throws<KernelException>(() => _port.Files.Pin(program, folder.PathOf("pin")));
        Assert.Equal(Errno.EPERM, error.Errno);
        Assert.Contains("BPF file system", error.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void Holding_an_fd_across_unlink_frees_the_link_with_the_fd() => PrivateNetwork.Run(() =>
    {
        var pin = _own.PathOf("prog0-link");
        using var program = _port.Bpf.LoadXdp();
        using (var link = XdpLink.Create(program, PrivateNetwork.LoopbackIfindex))
        {
            _port.Files.Pin(link, pin);
            _port.Files.Unpin(pin);
            Assert.Single(_port.Hook.Read(PrivateNetwork.LoopbackIfindex)!.Attached);
        }

        // The pin's own reference goes after a grace period; nothing else holds the link.
        Assert.True(SpinWait.SpinUntil(() => _port.Hook.Read(PrivateNetwork.LoopbackIfindex)!.Attached.IsEmpty, TimeSpan.FromSeconds(10)));
    });
}
