using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Elements of maps on the running kernel.</summary>
internal sealed unsafe class LinuxMaps : IMaps
{
    /// <inheritdoc/>
    public int PossibleCpuCount => PossibleCpus.Count;

    /// <inheritdoc/>
    public bool TryRead(MapFd map, ReadOnlySpan<byte> key, Span<byte> value)
    {
        fixed (byte* bytes = value)
            return TryCall(BpfCommand.MapLookupElement, "BPF_MAP_LOOKUP_ELEM", map, key, bytes);
    }

    /// <inheritdoc/>
    public void Write(MapFd map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            if (!TryCall(BpfCommand.MapUpdateElement, "BPF_MAP_UPDATE_ELEM", map, key, bytes))
                throw new KernelException("BPF_MAP_UPDATE_ELEM", Errno.ENOENT);
        }
    }

    /// <inheritdoc/>
    public bool Remove(MapFd map, ReadOnlySpan<byte> key) => TryCall(BpfCommand.MapDeleteElement, "BPF_MAP_DELETE_ELEM", map, key, null);

    /// <inheritdoc/>
    public bool TryNextKey(MapFd map, ReadOnlySpan<byte> key, Span<byte> next)
    {
        fixed (byte* bytes = next)
            return TryCall(BpfCommand.MapGetNextKey, "BPF_MAP_GET_NEXT_KEY", map, key, bytes);
    }

    // A span without bytes is pinned as null, which is how the first key is asked for.
    private static bool TryCall(BpfCommand command, string operation, MapFd map, ReadOnlySpan<byte> key, byte* value)
    {
        using var lease = new FdLease(map.Handle);
        int errno;
        fixed (byte* keyBytes = key)
        {
            var attr = new MapElementAttr { MapFd = (uint)lease.Number, Key = (ulong)keyBytes, Value = (ulong)value };
            errno = BpfSyscall.Invoke(command, ref attr);
        }

        return errno switch
        {
            0 => true,
            Errno.ENOENT => false,
            Errno.E2BIG => throw new KernelException(operation, errno, null, "The map is full, or has no such index; it holds as many entries as its max_entries say."),
            Errno.EINVAL when command == BpfCommand.MapDeleteElement => throw new KernelException(operation, errno, null, "Elements of an array are always there; write zeros instead."),
            Errno.EPERM => throw new KernelException(operation, errno, null, "The map is read-only or frozen, or its kind does not allow this."),
            _ => throw BpfErrors.Explain(operation, errno),
        };
    }
}
