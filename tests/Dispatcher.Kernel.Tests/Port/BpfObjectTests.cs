using System.Globalization;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

[Collection(PortCollection.Name)]
public sealed class BpfObjectTests
{
    private readonly IBpf _bpf = LinuxKernel.Open().Bpf;

    [RootFact]
    public void A_program_is_found_by_id_until_its_last_fd_closes()
    {
        ProgramId id;
        using (var program = _bpf.LoadXdp(name: "short_lived"))
        {
            id = _bpf.GetInfo(program).Id;
            using var again = _bpf.OpenProgram(id);
            Assert.Equal(id, _bpf.GetInfo(again!).Id);
        }

        Assert.Null(_bpf.OpenProgram(id));
    }

    [Fact]
    public void Room_is_made_for_as_many_objects_as_are_asked_for_or_allowed()
    {
        _bpf.MakeRoom(700);
        Assert.InRange(TableSize(), 700, int.MaxValue);
        var before = TableSize();
        _bpf.MakeRoom(int.MaxValue);
        Assert.InRange(TableSize(), before, int.MaxValue);

        static int TableSize() => int.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("FDSize:", StringComparison.Ordinal))[7..], CultureInfo.InvariantCulture);
    }

    [RootFact]
    public void Ids_that_nothing_has_are_null()
    {
        Assert.Null(_bpf.OpenProgram(new ProgramId(uint.MaxValue - 1)));
        Assert.Null(_bpf.OpenMap(new MapId(uint.MaxValue - 1)));
        Assert.Null(_bpf.OpenBtf(new BtfId(uint.MaxValue - 1)));
        Assert.Null(_bpf.OpenLink(new LinkId(uint.MaxValue - 1)));
        Assert.Null(_bpf.NextProgram(new ProgramId(int.MaxValue - 1)));
        Assert.Null(_bpf.NextLink(new LinkId(int.MaxValue - 1)));
    }

    [RootFact]
    public void Walking_program_ids_meets_ours_in_rising_order()
    {
        using var program = _bpf.LoadXdp();
        var ids = new List<ProgramId>();
        for (var id = _bpf.NextProgram(null); id is not null; id = _bpf.NextProgram(id))
            ids.Add(id.Value);
        Assert.Contains(_bpf.GetInfo(program).Id, ids);
        Assert.Equal(ids.OrderBy(id => id.Value), ids);
    }

    [RootFact]
    public void Walking_link_ids_meets_an_XDP_link_until_it_is_closed() => PrivateNetwork.Run(() =>
    {
        using var program = _bpf.LoadXdp();
        LinkId id;
        using (var link = XdpLink.Create(program, PrivateNetwork.LoopbackIfindex))
        {
            id = _bpf.GetInfo(link).Id;
            Assert.Contains(id, Links());
            Assert.Equal(_bpf.GetInfo(program).Id, _bpf.GetInfo(link).ProgramId);
        }

        Assert.DoesNotContain(id, Links());
        Assert.Null(_bpf.OpenLink(id));
    });

    [RootFact]
    public void Program_info_tells_what_bpftool_tells()
    {
        using var program = _bpf.LoadXdp(TinyProgram.Drop, "told_by_bpftool");
        var info = _bpf.GetInfo(program);
        var line = Tool.Run("bpftool", "prog", "show", "id", info.Id.ToString()).OrFail().Output;
        Assert.StartsWith($"{info.Id}: xdp  name {info.Name}  tag {info.Tag}  gpl", line, StringComparison.Ordinal);
        Assert.Equal(("told_by_bpftool", ProgramType.Xdp, 2, 0), (info.Name, info.Type, info.InstructionCount, info.MapCount));
        Assert.Null(info.BtfId);
    }

    [RootFact]
    public void A_long_name_is_cut_at_15_bytes_and_a_strange_one_made_acceptable()
    {
        using var program = _bpf.LoadXdp(name: "größer-than-fifteen-bytes");
        Assert.Equal("gr__er_than_fif", _bpf.GetInfo(program).Name);
    }

    [RootFact]
    public void A_dispatcher_reads_back_as_it_was_generated()
    {
        using var dispatcher = _bpf.LoadDispatcher(slots: 3);
        var info = _bpf.GetInfo(dispatcher.Program);
        Assert.Equal("xdp_dispatcher", info.Name);

        using var map = _bpf.OpenMap(Assert.Single(info.MapIds));
        var mapInfo = _bpf.GetInfo(map!);
        Assert.Equal((2u, 4, 1u), (mapInfo.Type, mapInfo.KeySize, mapInfo.MaxEntries));
        Assert.Equal(dispatcher.Generated.ConfigBytes(), _bpf.ReadFirstElement(map!, mapInfo.ValueSize));

        using var btf = _bpf.OpenBtf(info.BtfId!.Value);
        Assert.Equal(dispatcher.Generated.Btf.Encode(), _bpf.ReadBtf(btf!));
    }

    [RootFact]
    public void BTF_larger_than_the_first_read_is_read_in_full()
    {
        Need.Vmlinux();
        using var btf = _bpf.OpenBtf(new BtfId(1));
        Need.That(btf is not null, "Vmlinux", "needs a kernel that gives its own BTF an id (5.11)");
        Assert.Equal(File.ReadAllBytes(Machine.VmlinuxPath), _bpf.ReadBtf(btf!));
    }

    [RootFact]
    public void A_frozen_map_is_read_but_not_written()
    {
        using var map = _bpf.CreateConfigMap("config", 8, null, 0);
        _bpf.WriteFirstElement(map, [1, 2, 3, 4, 5, 6, 7, 8]);
        _bpf.Freeze(map);
        Assert.Equal(Errno.EPERM, Assert.Throws<KernelException>(() => _bpf.WriteFirstElement(map, new byte[8])).Errno);
        Assert.Contains("frozen", Assert.Throws<KernelException>(() => _bpf.Freeze(map)).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], _bpf.ReadFirstElement(map, 8));
    }

    [RootFact]
    public void A_value_of_another_size_never_reaches_the_kernel()
    {
        using var map = _bpf.CreateConfigMap("config", 8, null, 0);
        Assert.Throws<ArgumentException>(() => _bpf.ReadFirstElement(map, 4));
        Assert.Throws<ArgumentException>(() => _bpf.WriteFirstElement(map, new byte[4]));
    }

    [RootFact]
    public void A_bound_map_is_among_those_of_the_program()
    {
        using var map = _bpf.CreateConfigMap("bound", 8, null, 0);
        using var program = _bpf.LoadXdp();
        _bpf.BindMap(program, map);
        Assert.Equal([_bpf.GetInfo(map).Id], _bpf.GetInfo(program).MapIds);
    }

    [RootFact]
    public void A_closed_fd_is_an_error_of_the_caller()
    {
        var program = _bpf.LoadXdp();
        program.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _bpf.GetInfo(program));
    }

    private List<LinkId> Links()
    {
        var ids = new List<LinkId>();
        for (var id = _bpf.NextLink(null); id is not null; id = _bpf.NextLink(id))
            ids.Add(id.Value);
        return ids;
    }
}
