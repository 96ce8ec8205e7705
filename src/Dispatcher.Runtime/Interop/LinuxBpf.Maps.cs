using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <content>Maps and BTF.</content>
internal sealed unsafe partial class LinuxBpf
{
    /// <inheritdoc/>
    /// <remarks>
    /// The kernel writes as many bytes as the map has, not as many as we have room for: type and size are
    /// asked for first. They never change while the fd is open, so this opens no window.
    /// </remarks>
    public byte[] ReadFirstElement(MapFd map, int valueSize)
    {
        RequireArrayOf(map, valueSize);
        return LookUpFirst(map, valueSize);
    }

    /// <summary>Entry 0 of a map with keys of four bytes. The kernel writes as much as the map has, whatever is said here.</summary>
    internal static byte[] LookUpFirst(MapFd map, int sizeBytes)
    {
        var value = new byte[sizeBytes];
        using var lease = new FdLease(map.Handle);
        int errno;
        fixed (byte* bytes = value)
        {
            uint key = 0;
            var attr = new MapElementAttr { MapFd = (uint)lease.Number, Key = (ulong)&key, Value = (ulong)bytes };
            errno = BpfSyscall.Invoke(BpfCommand.MapLookupElement, ref attr);
        }

        return errno == 0 ? value : throw BpfErrors.Explain("BPF_MAP_LOOKUP_ELEM of entry 0", errno);
    }

    /// <inheritdoc/>
    public MapFd CreateConfigMap(string name, int valueSize, BtfFd? btf, uint valueTypeId)
    {
        using var btfLease = new FdLease(btf?.Handle);
        var attr = new MapCreateAttr
        {
            MapType = MapTypeArray,
            KeySize = sizeof(uint),
            ValueSize = (uint)valueSize,
            MaxEntries = 1,
            MapFlags = MapFlagReadOnlyForPrograms,
            MapName = KernelName16.From(name),
            BtfFd = (uint)btfLease.Number,
            BtfValueTypeId = btf is null ? 0 : valueTypeId,
        };
        var fd = MemLockLimit.WithRaisedLimit(ref attr, BpfCommand.MapCreate, out var errno);
        return errno == 0 ? new MapFd(fd) : throw BpfErrors.Explain($"BPF_MAP_CREATE {name}", errno, "CAP_BPF");
    }

    /// <inheritdoc/>
    public void WriteFirstElement(MapFd map, ReadOnlySpan<byte> value)
    {
        RequireArrayOf(map, value.Length);
        using var lease = new FdLease(map.Handle);
        int errno;
        fixed (byte* bytes = value)
        {
            uint key = 0;
            var attr = new MapElementAttr { MapFd = (uint)lease.Number, Key = (ulong)&key, Value = (ulong)bytes };
            errno = BpfSyscall.Invoke(BpfCommand.MapUpdateElement, ref attr);
        }

        if (errno != 0)
            throw FailedWrite("BPF_MAP_UPDATE_ELEM of entry 0", errno);
    }

    /// <inheritdoc/>
    public void Freeze(MapFd map)
    {
        using var lease = new FdLease(map.Handle);
        var attr = new MapFreezeAttr { MapFd = (uint)lease.Number };
        var errno = BpfSyscall.Invoke(BpfCommand.MapFreeze, ref attr);
        if (errno == Errno.EINVAL && !BpfSyscall.Knows(BpfCommand.MapFreeze))
            throw new UnsupportedKernelException("read-only maps (BPF_MAP_FREEZE)", "5.2", errno);
        if (errno != 0)
            throw FailedWrite("BPF_MAP_FREEZE", errno);
    }

    /// <inheritdoc/>
    public BtfFd LoadBtf(ReadOnlySpan<byte> btf)
    {
        fixed (byte* bytes = btf)
        {
            var attr = new BtfLoadAttr { Btf = (ulong)bytes, BtfSize = (uint)btf.Length };
            var fd = MemLockLimit.WithRaisedLimit(ref attr, BpfCommand.BtfLoad, out var errno);
            if (errno == 0)
                return new BtfFd(fd);
            if (errno is Errno.EPERM)
                throw BpfErrors.Explain("BPF_BTF_LOAD", errno, "CAP_BPF");
            using var log = new KernelLog();
            attr.BtfLogBuf = (ulong)log.Start;
            attr.BtfLogSize = (uint)log.SizeBytes;
            attr.BtfLogLevel = 1;
            using var again = BpfSyscall.Open(BpfCommand.BtfLoad, ref attr, out _);
            throw new KernelException("BPF_BTF_LOAD", errno, LastLines(log.Text));
        }
    }

    private static KernelException FailedWrite(string operation, int errno) =>
        new(operation, errno, null, errno is Errno.EPERM or Errno.EBUSY ? "The map is frozen already, or its fd is read-only, or a process has it mapped for writing." : null);

    private static string? LastLines(string log) =>
        log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } lines
            ? string.Join("; ", lines.TakeLast(2))
            : null;

    private void RequireArrayOf(MapFd map, int valueSize)
    {
        var info = GetInfo(map);
        if (info.Type != MapTypeArray || info.ValueSize != valueSize)
            throw new ArgumentException($"map {info.Id.Value} is of type {info.Type} with values of {info.ValueSize} bytes, not an array of {valueSize}", nameof(map));
    }
}
