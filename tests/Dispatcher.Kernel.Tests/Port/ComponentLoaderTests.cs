using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>libbpf on objects that clang made, against a private dispatcher.</summary>
[Collection(PortCollection.Name)]
public sealed class ComponentLoaderTests
{
    private const uint RingBuffer = 27;

    private readonly KernelPort _port = LinuxKernel.Open();

    [ExtFact]
    public void Loads_one_program_with_its_maps_as_an_extension()
    {
        using var target = _port.Bpf.LoadDispatcher();
        using var loaded = Load(target, "verdict", "xdp_verdict");
        var info = _port.Bpf.GetInfo(loaded.Program);
        Assert.Equal((ProgramType.Ext, "xdp_verdict"), (info.Type, info.Name));
        Assert.Contains("verdict_state", loaded.Maps.Keys);
        Assert.Equal(_port.Bpf.GetInfo(loaded.Maps["verdict_state"]).Id, Assert.Single(info.MapIds));
    }

    [ExtFact]
    public void Loads_ring_buffers_and_global_data()
    {
        using var target = _port.Bpf.LoadDispatcher();
        using var ids = Load(target, "ids", "xdp_ids");
        Assert.Equal(RingBuffer, _port.Bpf.GetInfo(ids.Maps["events"]).Type);
        using var mark = Load(target, "mark", "xdp_mark_push");
        Assert.Contains(mark.Maps.Keys, name => name.EndsWith(".rodata", StringComparison.Ordinal));
    }

    [ExtFact]
    public void A_refused_program_comes_with_the_verifiers_log()
    {
        using var target = _port.Bpf.LoadDispatcher();
        var error = Assert.Throws<VerifierException>(() => Load(target, "refused", "xdp_refused"));
        Assert.Equal(Errno.EACCES, error.Errno);
        Assert.Contains("invalid access to packet", error.Log, StringComparison.Ordinal);
    }

    [ExtFact]
    public void A_pinned_map_is_found_again_by_the_next_load()
    {
        const string Source = """
            #include <linux/bpf.h>
            #include <bpf/bpf_helpers.h>
            struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64);
                     __uint(pinning, LIBBPF_PIN_BY_NAME); } kept SEC(".maps");
            SEC("xdp") int xdp_keeper(struct xdp_md *ctx) { __u32 zero = 0; __u64 *n = bpf_map_lookup_elem(&kept, &zero); if (n) ++*n; return XDP_PASS; }
            char _license[] SEC("license") = "GPL";
            """;
        using var own = new OwnBpfFs(_port.Files);
        using var target = _port.Bpf.LoadDispatcher();
        var bytes = Clang.Compile(Source, "-mcpu=v2");
        using var first = Load(target, bytes, "keeper.o", "xdp_keeper", own.Root);
        using var second = Load(target, bytes, "keeper.o", "xdp_keeper", own.Root);
        using var apart = Load(target, bytes, "keeper.o", "xdp_keeper", pinFolder: null);
        Assert.Contains("kept", _port.Files.List(own.Root)!);
        Assert.Equal(_port.Bpf.GetInfo(first.Maps["kept"]).Id, _port.Bpf.GetInfo(second.Maps["kept"]).Id);
        Assert.NotEqual(_port.Bpf.GetInfo(first.Maps["kept"]).Id, _port.Bpf.GetInfo(apart.Maps["kept"]).Id);
    }

    [ExtFact]
    public void Loads_from_two_threads_at_once_keep_their_logs_apart()
    {
        using var target = _port.Bpf.LoadDispatcher();
        var refused = BpfObjects.Read("refused");
        var loaded = BpfObjects.Read("counter");
        Parallel.For(0, 8, i =>
        {
            if (i % 2 == 0)
                Assert.Contains("invalid access to packet", Assert.Throws<VerifierException>(() => Load(target, refused, "refused.o", "xdp_refused")).Log, StringComparison.Ordinal);
            else
                Load(target, loaded, "counter.o", "xdp_counter").Dispose();
        });
    }

    [RootFact]
    public void Bytes_that_are_no_ELF_object_never_reach_libbpf()
    {
        using var target = _port.Bpf.LoadDispatcher();
        var error = Assert.Throws<ComponentException>(() => Load(target, new byte[200], "no\u001belf.o", "xdp"));
        Assert.Contains(@"no\x1belf.o", error.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void An_object_without_BTF_says_how_to_get_it()
    {
        using var target = _port.Bpf.LoadDispatcher();
        var error = Assert.Throws<ComponentException>(() => Load(target, Clang.Compile("bpf/counter.bpf.c", "-g0"), "counter.o", "xdp_counter"));
        Assert.Contains("-g ", error.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_program_that_is_not_in_the_object_is_not_found()
    {
        using var target = _port.Bpf.LoadDispatcher();
        Assert.Contains("xdp_other", Assert.Throws<NotFoundException>(() => Load(target, "counter", "xdp_other")).Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_stub_that_is_not_in_the_dispatcher_is_an_error_with_libbpfs_words()
    {
        using var target = _port.Bpf.LoadDispatcher();
        var error = Assert.Throws<ComponentException>(() => Load(target, BpfObjects.Read("counter"), "counter.o", "xdp_counter", null, "prog7"));
        Assert.Contains("prog7", error.Message + error.Log, StringComparison.Ordinal);
    }

    [RootFact]
    public void Mutated_objects_end_in_an_error_of_ours()
    {
        using var target = _port.Bpf.LoadDispatcher();
        var good = BpfObjects.Read("counter");
        var random = new Random(20);
        for (var run = 0; run < 2000; run++)
        {
            var bytes = good.AsSpan(0, run % 4 == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var change = random.Next(8); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(Math.Min(bytes.Length, 64 + (run * 32)))] = (byte)random.Next(256);
            try
            {
                Load(target, bytes, "mutated.o", "xdp_counter").Dispose();
            }
            catch (Compiler.DispatcherException)
            {
                // Any of ours will do.
            }
        }
    }

    private LoadedElf Load(LoadedDispatcher target, string source, string function) =>
        Load(target, BpfObjects.Read(source), $"bpf/{source}.bpf.o", function);

    private LoadedElf Load(LoadedDispatcher target, byte[] bytes, string name, string function, string? pinFolder = null, string? stub = null)
    {
        var source = ComponentProgram.FromElf(bytes, name, function).Elf!;
        return _port.Loader.Load(new ElfLoadRequest(source.Bytes, name, function, pinFolder, target.Program, stub ?? target.Generated.TargetOf(0).Name));
    }
}
