using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>Elements of maps: nothing of them is simulated, so a test that needs them runs on a real kernel.</summary>
internal sealed class SimMaps : IMaps
{
    public int PossibleCpuCount => throw NotSimulated();

    public bool TryRead(MapFd map, ReadOnlySpan<byte> key, Span<byte> value) => throw NotSimulated();

    public void Write(MapFd map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => throw NotSimulated();

    public bool Remove(MapFd map, ReadOnlySpan<byte> key) => throw NotSimulated();

    public bool TryNextKey(MapFd map, ReadOnlySpan<byte> key, Span<byte> next) => throw NotSimulated();

    private static NotSupportedException NotSimulated() => new("Elements of maps are not simulated.");
}
