using System.Runtime.InteropServices;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>A BPF ring buffer in the memory of this process.</summary>
/// <remarks>
/// <code>
/// page 0: u64 how far was read, ours    page 1: u64 how far was written    then: the ring, twice in a row
/// record: u32 length with two flags, u32, bytes, filled up to a multiple of 8
/// </code>
/// Since the ring is there twice, a record that runs over its end is in one piece. Kernel: BPF_MAP_TYPE_RINGBUF, 5.8.
/// </remarks>
internal sealed unsafe class MappedRing : IRing
{
    private const int HeaderSizeBytes = 8;
    private const uint BusyBit = 1u << 31;
    private const uint DiscardBit = 1u << 30;

    private readonly int _sizeBytes;
    private readonly nuint _writtenSizeBytes;
    private ulong* _read;
    private byte* _written;

    /// <summary>Maps a ring.</summary>
    /// <param name="map">Borrowed; the mapping keeps the map.</param>
    /// <param name="sizeBytes">As it was made with.</param>
    /// <exception cref="KernelException">It cannot be mapped.</exception>
    public MappedRing(MapFd map, int sizeBytes)
    {
        _sizeBytes = sizeBytes;
        _writtenSizeBytes = (nuint)(Environment.SystemPageSize + 2 * sizeBytes);
        using var lease = new FdLease(map.Handle);
        _read = (ulong*)Map((nuint)Environment.SystemPageSize, Libc.ProtectRead | Libc.ProtectWrite, lease.Number, 0);
        try
        {
            _written = Map(_writtenSizeBytes, Libc.ProtectRead, lease.Number, Environment.SystemPageSize);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Take(int most)
    {
        ObjectDisposedException.ThrowIf(_read is null, this);
        var records = new List<byte[]>();
        var position = *_read;
        var end = Volatile.Read(ref *(ulong*)_written);
        while (position < end && records.Count < most)
        {
            var header = _written + Environment.SystemPageSize + (position & (ulong)(_sizeBytes - 1));
            var length = Volatile.Read(ref *(uint*)header);
            if ((length & BusyBit) != 0)
                break;
            var size = (int)(length & ~(BusyBit | DiscardBit));
            if (size > _sizeBytes - HeaderSizeBytes)
                throw new InvalidOperationException($"A record of {size} bytes is larger than its ring.");
            if ((length & DiscardBit) == 0)
                records.Add(new ReadOnlySpan<byte>(header + HeaderSizeBytes, size).ToArray());
            position += (ulong)((size + HeaderSizeBytes + 7) & ~7);
            Volatile.Write(ref *_read, position);
        }

        return records;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_read is not null)
            _ = Libc.Unmap(_read, (nuint)Environment.SystemPageSize);
        if (_written is not null)
            _ = Libc.Unmap(_written, _writtenSizeBytes);
        _read = null;
        _written = null;
    }

    private static byte* Map(nuint sizeBytes, int protection, int fd, nint offset)
    {
        var address = Libc.Map(null, sizeBytes, protection, Libc.MapShared, fd, offset);
        return (nint)address != -1 ? (byte*)address : throw new KernelException("mmap of a ring buffer", Marshal.GetLastPInvokeError());
    }
}
