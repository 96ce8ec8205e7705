using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

[Collection(PortCollection.Name)]
public sealed class HostNamespaceTests
{
    private readonly KernelPort _kernel = LinuxKernel.Open();

    [RootFact]
    public void The_own_namespace_comes_first_and_once()
    {
        var reading = _kernel.Host.ReadNamespaces();

        Assert.Null(reading.Namespaces[0].Name);
        Assert.Single(reading.Namespaces, found => found.Name is null);
        Assert.Equal(_kernel.Hook.ReadAll().Select(link => link.Name), reading.Namespaces[0].Interfaces.Select(link => link.Name));
        Assert.Equal(HostHolderTests.IsTrusted, reading.IsComplete);
    }

    [RootFact]
    public void A_named_namespace_is_read_under_its_name_with_what_is_on_its_hooks()
    {
        using var network = new NetNamespace();
        using var pair = new VethPair(network);
        using var program = _kernel.Bpf.LoadXdp();
        var id = _kernel.Bpf.GetInfo(program).Id;
        using var inside = NetworkNamespace.Open(network.Path);
        var hook = new RtnetlinkHook(inside);
        hook.Swap(hook.Read(pair.Left.Name)!.Index, program, HookExpectation.Empty, AttachMode.Skb);

        var found = Assert.Single(_kernel.Host.ReadNamespaces().Namespaces, found => found.Name == network.Name);
        var link = Assert.Single(found.Interfaces, link => link.Name == pair.Left.Name);

        Assert.Equal([new AttachedProgram(AttachMode.Skb, id)], link.Attached);
    }

    [RootFact]
    public void A_namespace_without_a_name_is_found_by_its_process()
    {
        using var process = OtherProcess.Start("unshare", "--net", OtherProcess.Command, "600");

        Assert.Single(_kernel.Host.ReadNamespaces().Namespaces, found => found.Name == $"/proc/{process.Id}/ns/net");
    }

    [RootFact]
    public void A_namespace_of_one_thread_is_found() => PrivateNetwork.Run(() =>
    {
        var here = NetworkNamespace.Current;
        var reading = OwnThread.Run("outside", () =>
        {
            using var outside = NetworkNamespace.Open("/proc/self/ns/net");
            return new LinuxHostView(outside).ReadNamespaces();
        });

        Assert.Single(reading.Namespaces, found => found.Name is { } name && IdentityOf(name) == here);
    });

    [RootFact]
    public void A_namespace_that_lost_its_name_is_found_by_the_fd_that_holds_it()
    {
        var network = new NetNamespace();
        using var held = NetworkNamespace.Open(network.Path)!;
        network.Dispose();

        Assert.Single(_kernel.Host.ReadNamespaces().Namespaces, found => found.Name is { } name && IdentityOf(name) == held.Identity);
    }

    [RootFact]
    public void A_namespace_mounted_in_another_mount_namespace_is_found()
    {
        using var process = OtherProcess.Start(
            "unshare", "--mount", "sh", "-c", "mount -t tmpfs ns /mnt && touch '/mnt/a b' && unshare --net='/mnt/a b' true && exec sleep 600");

        var found = Assert.Single(_kernel.Host.ReadNamespaces().Namespaces, found => found.Name == $"/proc/{process.Id}/root/mnt/a b");

        Assert.Equal(["lo"], found.Interfaces.Select(link => link.Name));
    }

    [RootFact]
    public void The_calling_thread_stays_where_it_is()
    {
        using var network = new NetNamespace();
        var before = NetworkNamespace.Current;

        _kernel.Host.ReadNamespaces();

        Assert.Equal(before, NetworkNamespace.Current);
    }

    [RootFact]
    public void What_is_no_network_namespace_is_not_opened()
    {
        Assert.Null(NetworkNamespace.Open("/run/netns/xdt-none"));
        Assert.Null(NetworkNamespace.Open("/proc/self/ns/mnt"));
        Assert.Null(NetworkNamespace.Open("/proc/self/comm"));
    }

    private static NamespaceIdentity? IdentityOf(string name) =>
        FileIdentity.Read(name.StartsWith('/') ? name : $"{NetworkNamespace.NamesFolder}/{name}") is { } file ? NamespaceIdentity.Of(file) : null;
}
