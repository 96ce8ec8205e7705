using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Rules of programs, maps and BTF: ids, references, what loading asks.</summary>
internal static class ObjectContract
{
    public static ImmutableArray<ContractRule> Rules { get; } =
    [
        new("A program is found by id until its last fd closes", false, machine =>
        {
            ProgramId id;
            using (var program = machine.LoadXdp())
            {
                id = machine.IdOf(program);
                using (var again = machine.Port.Bpf.OpenProgram(id))
                    Assert.Equal(id, machine.IdOf(again!));
                Assert.True(machine.Lives(id));
            }

            Assert.True(machine.Eventually(() => !machine.Lives(id)));
        }),
        new("P-220", "Ids that nothing has are null", false, machine =>
        {
            const uint Never = 0x7fff_fff0;
            Assert.Null(machine.Port.Bpf.OpenProgram(new ProgramId(Never)));
            Assert.Null(machine.Port.Bpf.OpenMap(new MapId(Never)));
            Assert.Null(machine.Port.Bpf.OpenBtf(new BtfId(Never)));
            Assert.Null(machine.Port.Bpf.OpenLink(new LinkId(Never)));
            Assert.Null(machine.Port.Bpf.NextProgram(new ProgramId(Never)));
            Assert.Null(machine.Port.Bpf.NextLink(new LinkId(Never)));
        }),
        new("Walking ids meets every program once, rising", false, machine =>
        {
            using var first = machine.LoadXdp();
            using var second = machine.LoadXdp();
            var met = new List<ProgramId>();
            for (var id = machine.Port.Bpf.NextProgram(null); id is { } next; id = machine.Port.Bpf.NextProgram(next))
                met.Add(next);
            Assert.Equal(met.OrderBy(id => id.Value).Distinct(), met);
            Assert.Contains(machine.IdOf(first), met);
            Assert.Contains(machine.IdOf(second), met);
        }),
        new("A program tells what it was loaded from", false, machine =>
        {
            using var program = machine.LoadXdp(name: "a_name_of_more_than_15");
            var info = machine.Port.Bpf.GetInfo(program);
            Assert.Equal("a_name_of_more_", info.Name);
            Assert.Equal(ProgramType.Xdp, info.Type);
            Assert.Equal(0, info.MapCount);
            Assert.Null(info.BtfId);
            using var twin = machine.LoadXdp();
            Assert.Equal(info.Tag, machine.Port.Bpf.GetInfo(twin).Tag);
            Assert.True(machine.Port.Bpf.GetInfo(twin).LoadTimeNs > info.LoadTimeNs);
            using var other = machine.LoadXdp(ContractPrograms.Drop);
            Assert.NotEqual(info.Tag, machine.Port.Bpf.GetInfo(other).Tag);
        }),
        new("P-241", "A program keeps its maps and BTF alive", false, machine =>
        {
            MapId map;
            BtfId btf;
            using (var dispatcher = machine.LoadDispatcher())
            {
                var info = machine.Port.Bpf.GetInfo(dispatcher.Program);
                map = Assert.Single(info.MapIds);
                btf = info.BtfId!.Value;
                Assert.True(machine.Lives(map));
                using var fd = machine.Port.Bpf.OpenBtf(btf);
                Assert.Equal(dispatcher.Generated.Btf.Encode(!BitConverter.IsLittleEndian), machine.Port.Bpf.ReadBtf(fd!));
            }

            Assert.True(machine.Eventually(() => !machine.Lives(map) && !machine.Lives(btf)));
        }),
        new("P-022 P-223", "Binding a map twice counts once", false, machine =>
        {
            using var program = machine.LoadXdp();
            using var map = machine.Port.Bpf.CreateConfigMap("twice", 4, null, 0);
            machine.Port.Bpf.BindMap(program, map);
            machine.Port.Bpf.BindMap(program, map);
            Assert.Equal([machine.Port.Bpf.GetInfo(map).Id], machine.Port.Bpf.GetInfo(program).MapIds);
        }),
        new("P-221 P-222", "A frozen map is read and not written", false, machine =>
        {
            using var map = machine.Port.Bpf.CreateConfigMap("frozen", 4, null, 0);
            machine.Port.Bpf.WriteFirstElement(map, [1, 2, 3, 4]);
            machine.Port.Bpf.Freeze(map);
            Assert.Equal([1, 2, 3, 4], machine.Port.Bpf.ReadFirstElement(map, 4));
            Assert.Equal(KernelErrno.EPERM, Assert.Throws<KernelException>(() => machine.Port.Bpf.WriteFirstElement(map, [4, 3, 2, 1])).Errno);
            var again = Assert.Throws<KernelException>(() => machine.Port.Bpf.Freeze(map));
            Assert.Contains(again.Errno, new[] { KernelErrno.EBUSY, KernelErrno.EPERM }); // 6.1, 6.18
        }),
        new("A map tells its shape", false, machine =>
        {
            using var map = machine.Port.Bpf.CreateConfigMap("shape", 124, null, 0);
            var info = machine.Port.Bpf.GetInfo(map);
            Assert.Equal((2u, 4, 124, 1u, "shape"), (info.Type, info.KeySize, info.ValueSize, info.MaxEntries, info.Name));
        }),
        new("Malformed BTF is refused", false, machine =>
            Assert.ThrowsAny<KernelException>(() => machine.Port.Bpf.LoadBtf([0x9f, 0xeb, 1, 0, 24, 0, 0, 0]).Dispose())),
        new("A program that does not end is refused with a log", false, machine => Assert.Throws<VerifierException>(
            () => machine.Port.Bpf.LoadProgram(new ProgramLoadRequest
            {
                Type = ProgramType.Xdp,
                Name = "endless",
                Instructions = ContractPrograms.Code(0).AsSpan(0, 8),
                License = "GPL",
                ExpectedAttachType = ContractPrograms.AttachTypeXdp,
            }).Dispose())),
        new("P-046", "A dispatcher without components passes every packet", false, machine =>
        {
            using var dispatcher = machine.LoadDispatcher();
            Assert.Equal(ContractPrograms.Pass, machine.Run(dispatcher.Program));
        }),
        new("A program is run on a packet", false, machine =>
        {
            using var program = machine.LoadXdp(ContractPrograms.Drop);
            Assert.Equal(ContractPrograms.Drop, machine.Run(program));
        }),
    ];
}
