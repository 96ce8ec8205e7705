using System.Globalization;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>bpf(2).</summary>
internal sealed class SimBpfPort(SimProcess process) : SimPort(process), IBpf
{
    internal const uint ArrayMapType = 2;
    private const int MaxMapIds = 64;

    public void MakeRoom(int objects)
    {
        // There is no table here.
    }

    public ProgramFd? OpenProgram(ProgramId id) =>
        Call(nameof(OpenProgram), Text(id.Value), () => new ProgramFd(Process.Open(Kernel.Programs.Find(id.Value))), null, KernelErrno.ENOENT);

    public MapFd? OpenMap(MapId id) =>
        Call(nameof(OpenMap), Text(id.Value), () => new MapFd(Process.Open(Kernel.Maps.Find(id.Value))), null, KernelErrno.ENOENT);

    public BtfFd? OpenBtf(BtfId id) =>
        Call(nameof(OpenBtf), Text(id.Value), () => new BtfFd(Process.Open(Kernel.BtfObjects.Find(id.Value))), null, KernelErrno.ENOENT);

    public LinkFd? OpenLink(LinkId id) => Call(
        nameof(OpenLink), Text(id.Value), () => new LinkFd(Process.Open(Kernel.Links.Find(id.Value))), null, KernelErrno.ENOENT, KernelErrno.EAGAIN);

    public LinkId? NextLink(LinkId? after) => Call<LinkId?>(
        nameof(NextLink), Text(after?.Value ?? 0), () => new LinkId(Kernel.Links.Next(after?.Value ?? 0)), null, KernelErrno.ENOENT);

    public ProgramId? NextProgram(ProgramId? after) => Call<ProgramId?>(
        nameof(NextProgram), Text(after?.Value ?? 0), () => new ProgramId(Kernel.Programs.Next(after?.Value ?? 0)), null, KernelErrno.ENOENT);

    public ProgramInfo GetInfo(ProgramFd program)
    {
        return Call(nameof(GetInfo), Text(program), () =>
        {
            var known = Process.Resolve<SimProgram>(program);
            return new ProgramInfo(
                new ProgramId(known.Id), known.Type, known.Name, known.Tag, known.LoadTimeNs,
                [.. known.Maps.Take(MaxMapIds).Select(map => new MapId(map.Id))], known.Maps.Length,
                known.Btf is { } btf ? new BtfId(btf.Id) : null, known.InstructionCount)
            {
                LoadedBy = SimKernel.UserId,
            };
        });
    }

    public MapInfo GetInfo(MapFd map) => Call(nameof(GetInfo), Text(map), () =>
    {
        var known = Process.Resolve<SimMap>(map);
        return new MapInfo(new MapId(known.Id), ArrayMapType, sizeof(uint), known.ValueSize, 1, known.Name);
    });

    public LinkInfo GetInfo(LinkFd link) => Call(nameof(GetInfo), Text(link), () => Process.Resolve<SimLink>(link) switch
    {
        ReplacementLink unsaid when !Kernel.TellsLinkTargets => unsaid.Describe() with { TargetObjectId = 0, TargetBtfTypeId = 0 },
        var told => told.Describe(),
    });

    public byte[] ReadBtf(BtfFd btf) => Call(nameof(ReadBtf), Text(btf), () => Process.Resolve<SimBtf>(btf).Bytes.ToArray());

    public byte[] ReadFirstElement(MapFd map, int valueSize) => Call(nameof(ReadFirstElement), Text(map), () =>
    {
        RequireSize(map, valueSize);
        return Process.Resolve<SimMap>(map).Value.ToArray();
    });

    public MapFd CreateConfigMap(string name, int valueSize, BtfFd? btf, uint valueTypeId) => Call(
        nameof(CreateConfigMap), name, () => new MapFd(Process.Open(
            SimMap.Create(Kernel, SimLoad.Cut(name), valueSize, btf is null ? null : Process.Resolve<SimBtf>(btf), valueTypeId))));

    public void WriteFirstElement(MapFd map, ReadOnlySpan<byte> value)
    {
        var copy = value.ToArray();
        Call(nameof(WriteFirstElement), Text(map), () =>
        {
            RequireSize(map, copy.Length);
            Process.Resolve<SimMap>(map).Write(copy);
        });
    }

    public void Freeze(MapFd map) => Call(nameof(Freeze), Text(map), () => Process.Resolve<SimMap>(map).Freeze());

    public BtfFd LoadBtf(ReadOnlySpan<byte> btf)
    {
        var copy = btf.ToArray();
        return Call(nameof(LoadBtf), "", () => new BtfFd(Process.Open(SimBtf.Load(Kernel, copy))));
    }

    public ProgramFd LoadProgram(in ProgramLoadRequest request)
    {
        var name = request.Name;
        try
        {
            Process.Enter(nameof(LoadProgram), $"{request.Type} {name}");
            return Process.Return(new ProgramFd(Process.Open(SimProgram.LoadInto(Kernel, SimLoad.Of(Process, request)))));
        }
        catch (SysError error) when (error.Text is not null)
        {
            Process.Return(error.Errno);
            throw new VerifierException(name, error.Errno, error.Text);
        }
        catch (SysError error)
        {
            Process.Return(error.Errno);
            throw new KernelException($"{nameof(LoadProgram)}({name})", error.Errno);
        }
    }

    public void BindMap(ProgramFd program, MapFd map) => Call(
        nameof(BindMap), $"{Text(program)} {Text(map)}", () => Process.Resolve<SimProgram>(program).Bind(Process.Resolve<SimMap>(map)));

    public LinkFd AttachToFunction(ProgramFd component, ProgramFd dispatcher, uint functionTypeId) => Call(
        nameof(AttachToFunction), $"{Text(component)} to {Text(dispatcher)} function {functionTypeId}", () => new LinkFd(Process.Open(
            LoadRules.Attach(Kernel, Process.Resolve<SimProgram>(component), Process.Resolve<SimProgram>(dispatcher), functionTypeId))));

    public TestRunResult TestRun(ProgramFd program, ReadOnlySpan<byte> packet, int repeat = 1)
    {
        var copy = packet.ToArray();
        return Call(nameof(TestRun), Text(program), () =>
        {
            var known = Process.Resolve<SimProgram>(program);
            return known.Type == ProgramType.Xdp
                ? new TestRunResult(PacketRun.On(known, copy, Kernel).Verdict, 1, copy)
                : throw new SysError(KernelErrno.ENOTSUPP);
        });
    }

    // The kernel copies as many bytes as the map has, so the port asks first.
    private void RequireSize(MapFd map, int size)
    {
        if (Process.Resolve<SimMap>(map).ValueSize != size)
            throw new ArgumentException($"{Text(map)} does not have values of {size} bytes.", nameof(map));
    }

    private static string Text(uint id) => string.Create(CultureInfo.InvariantCulture, $"#{id}");

    private static string Text(KernelFd fd) => fd.Handle is SimHandle handle ? handle.Object.ToString()! : "?";
}
