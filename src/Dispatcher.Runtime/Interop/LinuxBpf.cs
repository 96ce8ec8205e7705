using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>bpf(2) on the running kernel. This part: ids and what the kernel knows of an object.</summary>
/// <param name="network">Where the interfaces of device-bound programs are, borrowed; null: in the network namespace of the calling thread.</param>
internal sealed unsafe partial class LinuxBpf(NetworkNamespace? network = null) : IBpf
{
    private const int MaxMapIds = 64;
    private const int FirstBtfReadBytes = 8 * 1024;

    /// <inheritdoc/>
    public void MakeRoom(int objects) => DescriptorTable.Grow(objects);

    /// <inheritdoc/>
    public ProgramFd? OpenProgram(ProgramId id) =>
        OpenById(BpfCommand.ProgramGetFdById, id.Value, "BPF_PROG_GET_FD_BY_ID") is { } fd ? new ProgramFd(fd) : null;

    /// <inheritdoc/>
    public MapFd? OpenMap(MapId id) =>
        OpenById(BpfCommand.MapGetFdById, id.Value, "BPF_MAP_GET_FD_BY_ID") is { } fd ? new MapFd(fd) : null;

    /// <inheritdoc/>
    public BtfFd? OpenBtf(BtfId id) =>
        OpenById(BpfCommand.BtfGetFdById, id.Value, "BPF_BTF_GET_FD_BY_ID") is { } fd ? new BtfFd(fd) : null;

    /// <inheritdoc/>
    public LinkFd? OpenLink(LinkId id) =>
        OpenById(BpfCommand.LinkGetFdById, id.Value, "BPF_LINK_GET_FD_BY_ID") is { } fd ? new LinkFd(fd) : null;

    /// <inheritdoc/>
    public LinkId? NextLink(LinkId? after) =>
        NextId(BpfCommand.LinkGetNextId, after?.Value ?? 0, "BPF_LINK_GET_NEXT_ID") is { } id ? new LinkId(id) : null;

    /// <inheritdoc/>
    public ProgramId? NextProgram(ProgramId? after) =>
        NextId(BpfCommand.ProgramGetNextId, after?.Value ?? 0, "BPF_PROG_GET_NEXT_ID") is { } id ? new ProgramId(id) : null;

    /// <inheritdoc/>
    public ProgramInfo GetInfo(ProgramFd program)
    {
        var mapIds = stackalloc uint[MaxMapIds];
        var info = new ProgramInfoLayout { NrMapIds = MaxMapIds, MapIds = (ulong)mapIds };
        ReadInfo(program, ref info, "program");
        var known = ImmutableArray.CreateBuilder<MapId>();
        for (var index = 0; index < Math.Min(info.NrMapIds, MaxMapIds); index++)
            known.Add(new MapId(mapIds[index]));
        return new ProgramInfo(
            new ProgramId(info.Id),
            (ProgramType)info.Type,
            info.Name.ToString(),
            new ProgramTag(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(info.Tag, 8))),
            info.LoadTime,
            known.DrainToImmutable(),
            (int)info.NrMapIds,
            info.BtfId == 0 ? null : new BtfId(info.BtfId),
            (int)(info.XlatedProgLen / InstructionSizeBytes))
        {
            LoadedBy = info.CreatedByUid,
        };
    }

    /// <inheritdoc/>
    public MapInfo GetInfo(MapFd map)
    {
        var info = default(MapInfoLayout);
        ReadInfo(map, ref info, "map");
        return new MapInfo(new MapId(info.Id), info.Type, (int)info.KeySize, (int)info.ValueSize, info.MaxEntries, info.Name.ToString())
        {
            Flags = info.MapFlags,
            BtfId = info.BtfId == 0 ? null : new BtfId(info.BtfId),
            KeyTypeId = info.BtfKeyTypeId,
            ValueTypeId = info.BtfValueTypeId,
        };
    }

    /// <inheritdoc/>
    public LinkInfo GetInfo(LinkFd link)
    {
        var info = default(LinkInfoLayout);
        ReadInfo(link, ref info, "link");
        return info.Type switch
        {
            LinkTypeTracing => new LinkInfo(new LinkId(info.Id), info.Type, new ProgramId(info.ProgId), info.TargetObjId, info.TargetBtfId),
            LinkTypeXdp => new LinkInfo(new LinkId(info.Id), info.Type, new ProgramId(info.ProgId), info.AttachTypeOrIfindex, 0),
            _ => new LinkInfo(new LinkId(info.Id), info.Type, new ProgramId(info.ProgId), 0, 0),
        };
    }

    /// <inheritdoc/>
    public byte[] ReadBtf(BtfFd btf)
    {
        Span<byte> first = stackalloc byte[FirstBtfReadBytes];
        var size = ReadBtf(btf, first);
        if (size <= first.Length)
            return first[..size].ToArray();
        // The kernel never changes it.
        var whole = new byte[size];
        ReadBtf(btf, whole);
        return whole;
    }

    // The size of all of it; as much as fits is read.
    private static int ReadBtf(BtfFd btf, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var info = new BtfInfoLayout { Btf = (ulong)start, BtfSize = (uint)bytes.Length };
            ReadInfo(btf, ref info, "BTF");
            return (int)info.BtfSize;
        }
    }

    private static OwnedFd? OpenById(BpfCommand command, uint id, string operation)
    {
        var attr = new IdAttr { Id = id };
        var fd = BpfSyscall.Open(command, ref attr, out var errno);
        return errno switch
        {
            0 => fd,
            Errno.ENOENT => null,
            Errno.ENOLINK or Errno.EAGAIN when command == BpfCommand.LinkGetFdById => null,
            _ => throw BpfErrors.Explain($"{operation} {id}", errno),
        };
    }

    private static uint? NextId(BpfCommand command, uint start, string operation)
    {
        var attr = new IdAttr { Id = start };
        return BpfSyscall.Invoke(command, ref attr) switch
        {
            0 => attr.NextId,
            Errno.ENOENT => null,
            var errno => throw BpfErrors.Explain($"{operation} after {start}", errno),
        };
    }

    internal static void ReadInfo<T>(KernelFd fd, ref T info, string what)
        where T : unmanaged
    {
        using var lease = new FdLease(fd.Handle);
        int errno;
        fixed (T* bytes = &info)
        {
            var attr = new InfoAttr { BpfFd = (uint)lease.Number, InfoLen = (uint)Unsafe.SizeOf<T>(), Info = (ulong)bytes };
            errno = BpfSyscall.Invoke(BpfCommand.ObjectGetInfoByFd, ref attr);
        }

        if (errno != 0)
            throw BpfErrors.Explain($"BPF_OBJ_GET_INFO_BY_FD of a {what}", errno);
    }
}
