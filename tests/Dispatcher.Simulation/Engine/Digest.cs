using System.Numerics;
using System.Runtime.InteropServices;

namespace Dispatcher.Simulation.Engine;

/// <summary>128 bits that stand for a state: two states with one digest are taken for one.</summary>
/// <param name="High">Half of it.</param>
/// <param name="Low">The other half, mixed in another way.</param>
internal readonly record struct Digest(ulong High, ulong Low)
{
    private const ulong FirstPrime = 0x9E3779B185EBCA87;
    private const ulong SecondPrime = 0xC2B2AE3D27D4EB4F;

    /// <summary>The digest of this one and a text after it.</summary>
    public Digest With(ReadOnlySpan<char> text)
    {
        var (high, low) = (High ^ (ulong)text.Length, Low + (ulong)text.Length);
        var words = MemoryMarshal.Cast<char, ulong>(text);
        foreach (var word in words)
            Mix(ref high, ref low, word);
        foreach (var rest in text[(words.Length * (sizeof(ulong) / sizeof(char)))..])
            Mix(ref high, ref low, rest);
        return new Digest(Finish(high), Finish(low));
    }

    private static void Mix(ref ulong high, ref ulong low, ulong word)
    {
        high = BitOperations.RotateLeft((high ^ word) * FirstPrime, 29);
        low = BitOperations.RotateLeft(low + (word * SecondPrime), 31) * FirstPrime;
    }

    private static ulong Finish(ulong value)
    {
        value = (value ^ (value >> 33)) * SecondPrime;
        return value ^ (value >> 29);
    }
}
