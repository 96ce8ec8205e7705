using System.Runtime.InteropServices;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Probing;

/// <summary>A record of <see cref="PacketSampler"/>.</summary>
/// <param name="MonotonicNs">When, on the clock of programs.</param>
/// <param name="Component">Program id of the component.</param>
/// <param name="Slot">Its place in the chain.</param>
/// <param name="Returned">What it returned.</param>
/// <param name="LengthBytes">Bytes of the packet.</param>
/// <param name="Packet">Its first bytes.</param>
internal readonly record struct PacketRecord(
    long MonotonicNs, ProgramId Component, int Slot, uint Returned, int LengthBytes, ReadOnlyMemory<byte> Packet)
{
    /// <summary>Reads a record.</summary>
    /// <exception cref="MalformedObjectException">It is too short for what it says.</exception>
    public static PacketRecord Read(byte[] bytes)
    {
        if (bytes.Length < PacketSampler.HeaderSizeBytes)
            throw new MalformedObjectException("packet record", 0, $"a record starts with {PacketSampler.HeaderSizeBytes} bytes");
        var numbers = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(0, PacketSampler.HeaderSizeBytes));
        var captured = numbers[6];
        if (captured > bytes.Length - PacketSampler.HeaderSizeBytes)
            throw new MalformedObjectException("packet record", 24, "a record holds the bytes that it says");
        return new PacketRecord(
            MemoryMarshal.Read<long>(bytes), new ProgramId(numbers[2]), (int)numbers[3], numbers[4], (int)numbers[5],
            bytes.AsMemory(PacketSampler.HeaderSizeBytes, (int)captured));
    }
}
