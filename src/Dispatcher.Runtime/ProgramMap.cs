using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Maps;

namespace Dispatcher.Runtime;

/// <summary>A map of an attached program, held open: it lives on until it is disposed, whatever becomes of the program.</summary>
/// <remarks>Safe to use from several threads. Keys and values are bytes in the layout of the C types in the object.</remarks>
public sealed class ProgramMap : IDisposable
{
    private const int PerCpuAlignment = 8;
    private const uint RingBuffer = 27;
    private const int MostAtOnce = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly KernelPort _kernel;
    private readonly MapFd _fd;
    private readonly MapInfo _info;

    internal ProgramMap(KernelPort kernel, MapFd fd, MapInfo info)
    {
        _kernel = kernel;
        _fd = fd;
        _info = info;
        var isPerCpu = info.Type is 5 or 6 or 10 or 21;
        ValueSize = isPerCpu ? checked((info.ValueSize + PerCpuAlignment - 1) / PerCpuAlignment * PerCpuAlignment * kernel.Maps.PossibleCpuCount) : info.ValueSize;
    }

    /// <summary>The kernel's name of it, at most 15 bytes.</summary>
    public string Name => _info.Name;

    /// <summary>Kind, as in <c>linux/bpf.h</c> without the prefix, in lower case: <c>hash</c>, <c>ringbuf</c>.</summary>
    public string Type => MapTypeNames.Of(_info.Type);

    /// <summary>Bytes of a key; 0: it has none.</summary>
    public int KeySize => _info.KeySize;

    /// <summary>Bytes of a value as it is read and written; of a per-CPU map those of every CPU that may exist, each rounded up to 8.</summary>
    public int ValueSize { get; }

    /// <summary>Entries at most; of a ring buffer its bytes.</summary>
    public uint MaxEntries => _info.MaxEntries;

    /// <summary>The file descriptor, for a library that does more with maps; stays owned by this object.</summary>
    public SafeHandle Handle => _fd.Handle;

    private MapFd Opened
    {
        get
        {
            ObjectDisposedException.ThrowIf(_fd.Handle.IsClosed, this);
            return _fd;
        }
    }

    /// <summary>Reads an element.</summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <param name="value">Takes <see cref="ValueSize"/> bytes.</param>
    /// <returns>False: there is none.</returns>
    /// <exception cref="ArgumentException">A key or a value of another size.</exception>
    public bool TryRead(ReadOnlySpan<byte> key, Span<byte> value)
    {
        Require(key.Length, KeySize, nameof(key));
        Require(value.Length, ValueSize, nameof(value));
        return _kernel.Maps.TryRead(Opened, key, value);
    }

    /// <summary>Reads an element as C types of the same layout.</summary>
    public bool TryRead<TKey, TValue>(in TKey key, out TValue value)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        Unsafe.SkipInit(out value);
        return TryRead(BytesOf(in key), MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <summary>Writes an element, new or not.</summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <param name="value"><see cref="ValueSize"/> bytes.</param>
    /// <exception cref="ArgumentException">A key or a value of another size.</exception>
    /// <exception cref="KernelException">E2BIG: it is full. EPERM: it is read-only.</exception>
    public void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Require(key.Length, KeySize, nameof(key));
        Require(value.Length, ValueSize, nameof(value));
        _kernel.Maps.Write(Opened, key, value);
    }

    /// <summary>Writes an element as C types of the same layout.</summary>
    public void Write<TKey, TValue>(in TKey key, in TValue value)
        where TKey : unmanaged
        where TValue : unmanaged =>
        Write(BytesOf(in key), BytesOf(in value));

    /// <summary>Removes an element.</summary>
    /// <returns>False: there was none.</returns>
    /// <exception cref="ArgumentException">A key of another size.</exception>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        Require(key.Length, KeySize, nameof(key));
        return _kernel.Maps.Remove(Opened, key);
    }

    /// <summary>Removes an element by a key of a C type of the same layout.</summary>
    public bool Remove<TKey>(in TKey key)
        where TKey : unmanaged =>
        Remove(BytesOf(in key));

    /// <summary>The keys one by one. One that is added or removed meanwhile may be left out or come twice, and a removed one begins them anew.</summary>
    public IEnumerable<byte[]> Keys()
    {
        var key = Array.Empty<byte>();
        while (true)
        {
            var next = new byte[KeySize];
            if (!_kernel.Maps.TryNextKey(Opened, key, next))
                yield break;
            yield return next;
            key = next;
        }
    }

    /// <summary>The keys as a C type of the same layout; see <see cref="Keys()"/>.</summary>
    /// <exception cref="ArgumentException">The type has another size.</exception>
    public IEnumerable<TKey> Keys<TKey>()
        where TKey : unmanaged
    {
        Require(Unsafe.SizeOf<TKey>(), KeySize, "key");
        return Keys().Select(key => MemoryMarshal.Read<TKey>(key));
    }

    /// <summary>
    /// The records of a ring buffer as programs submit them, oldest first. One reader at a time; what one leaves unread, the next one gets, another process
    /// too, as long as the map lives.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">It is no ring buffer.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadRingAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_info.Type != RingBuffer)
            throw new InvalidOperationException($"Map {Name} is of kind {Type}, not a ring buffer.");
        using var ring = _kernel.Probes.OpenRing(Opened, (int)MaxEntries);
        while (!cancellationToken.IsCancellationRequested)
        {
            var records = ring.Take(MostAtOnce);
            foreach (var record in records)
                yield return record;
            if (records.Count == 0)
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One line, such as <c>firewall_ports: hash, keys of 2 bytes, values of 8, 1024 entries at most</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Printable.Escape(Name)}: {Type}, keys of {KeySize} bytes, values of {ValueSize}, {MaxEntries} entries at most");

    /// <inheritdoc/>
    public void Dispose() => _fd.Dispose();

    private static ReadOnlySpan<byte> BytesOf<T>(in T value)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    private void Require(int actual, int wanted, string what)
    {
        if (actual != wanted)
            throw new ArgumentException($"A {what} of map {Name} has {wanted} bytes, not {actual}.", what);
    }
}
