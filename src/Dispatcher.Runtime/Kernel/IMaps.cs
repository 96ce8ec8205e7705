namespace Dispatcher.Runtime.Kernel;

/// <summary>Elements of the maps of components, for products that fill and read them. Each method is one system call.</summary>
/// <remarks>Every method may throw <see cref="KernelException"/> for an errno that is not named as an answer. Sizes are the caller's to check.</remarks>
internal interface IMaps
{
    /// <summary>How many values one element of a per-CPU map has: CPUs that may exist.</summary>
    int PossibleCpuCount { get; }

    /// <summary>Reads an element. Kernel: BPF_MAP_LOOKUP_ELEM.</summary>
    /// <param name="map">Any map with keys.</param>
    /// <param name="key">As many bytes as the map's keys have.</param>
    /// <param name="value">Takes as many bytes as the map's values have; of a per-CPU map for every CPU, each rounded up to 8.</param>
    /// <returns>False: no such element (ENOENT).</returns>
    bool TryRead(MapFd map, ReadOnlySpan<byte> key, Span<byte> value);

    /// <summary>Writes an element, new or not. Kernel: BPF_MAP_UPDATE_ELEM, BPF_ANY.</summary>
    void Write(MapFd map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Removes an element. Kernel: BPF_MAP_DELETE_ELEM.</summary>
    /// <returns>False: no such element (ENOENT).</returns>
    bool Remove(MapFd map, ReadOnlySpan<byte> key);

    /// <summary>Finds the key after another one. Kernel: BPF_MAP_GET_NEXT_KEY.</summary>
    /// <param name="map">Any map with keys.</param>
    /// <param name="key">A key; empty: the first one is meant. One that is gone begins anew.</param>
    /// <param name="next">Takes the key.</param>
    /// <returns>False: that was the last one (ENOENT).</returns>
    bool TryNextKey(MapFd map, ReadOnlySpan<byte> key, Span<byte> next);
}
