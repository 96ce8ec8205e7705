using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>An actor in C, written from docs/protocol.md alone (joiner/), on one hook with ours and xdp-loader.</summary>
public sealed class JoinerTests
{
    [ExtFact]
    [Rule("P-001", "P-002", "P-049", "P-065")]
    public async Task A_stranger_who_read_only_the_document_joins_as_the_third_and_all_go_on_working()
    {
        using var hook = new SharedHook();
        using var joiner = new Joiner();
        hook.Peer.Load(hook.Interface, ComponentObject.PathOf("ids"));
        await hook.Load("firewall");
        var before = await hook.OurList();

        joiner.Join(hook, "counter");

        await hook.ListsAre("xdp_firewall", "xdp_ids", "xdp_counter");
        Assert.Equal(before, (await hook.OurList()).Take(2));
        var status = await hook.Ours.GetStatusAsync(hook.Interface, SharedHook.Cancellation);
        Assert.Equal([$"xdp/dispatch-{status.InterfaceIndex}-{status.Chain!.DispatcherId}"], hook.Pins.Where(pin => pin.Count(c => c == '/') == 1));

        hook.Peer.Unload(hook.Interface, before[1].Id);
        await hook.ListsAre("xdp_firewall", "xdp_counter");
        await hook.Ours.DetachAsync(hook.Interface, ComponentSelection.ByName("xdp_firewall"), SharedHook.Cancellation);
        await hook.ListsAre("xdp_counter");
        joiner.Join(hook, "ids");
        await hook.ListsAre("xdp_ids", "xdp_counter");
        hook.Peer.UnloadAll(hook.Interface);
        Assert.Equal(["xdp"], hook.Pins);
    }

    [ExtFact]
    [Rule("P-091", "P-129")]
    public async Task Strangers_and_ours_that_attach_first_at_once_all_succeed()
    {
        using var hook = new SharedHook();
        using var joiner = new Joiner();
        var joins = Enumerable.Range(0, 3).Select(_ => Task.Run(() => joiner.Join(hook, "counter"), SharedHook.Cancellation)).ToList();

        await Task.WhenAll([.. joins, hook.Load("firewall"), hook.Load("ids")]);

        await hook.ListsAre("xdp_firewall", "xdp_ids", "xdp_counter", "xdp_counter", "xdp_counter");
        await hook.Ours.DetachAsync(hook.Interface, ComponentSelection.All, SharedHook.Cancellation);
        Assert.Equal(["xdp"], hook.Pins);
    }

    /// <summary>The program, built, and the dispatcher object it works with.</summary>
    private sealed class Joiner : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly string _dispatcher;

        public Joiner()
        {
            Need.Tool("cc");
            Need.That(File.Exists("/usr/include/bpf/libbpf.h"), "Libbpf", "needs libbpf-dev");
            string[] sources = [.. new[] { "joiner.c", "kernel.c", "btf.c" }.Select(name => Repository.PathOf("tests", "Dispatcher.Interop.Tests", "joiner", name))];
            Tool.Run("cc", ["-O1", "-Wall", "-Wextra", "-Werror", "-o", _folder.PathOf("joiner"), .. sources, "-lbpf"]).OrFail();
            var generic = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [], DispatcherFlavour.Generic));
            _dispatcher = _folder.Write("dispatcher.o", generic.WriteElf(!BitConverter.IsLittleEndian));
        }

        public void Join(SharedHook hook, string component) =>
            Tool.Run(_folder.PathOf("joiner"), hook.Interface, hook.BpfFsPath, ComponentObject.PathOf(component), _dispatcher).OrFail();

        public void Dispose() => _folder.Dispose();
    }
}
