namespace Dispatcher.Fuzzing.Mutation;

/// <summary>Numbers at which readers go wrong: edges of widths and signs.</summary>
internal static class InterestingNumbers
{
    /// <summary>A power of two or the edge of a signed or unsigned width, give or take one; cut to the width where it is written.</summary>
    public static ulong Pick(FuzzRandom random)
    {
        var edge = random.Next(3) switch
        {
            0 => 1ul << random.Next(64),
            1 => ulong.MaxValue >> 8 * random.Next(8),
            _ => ulong.MaxValue >> 8 * random.Next(8) + 1,
        };
        return edge + (ulong)random.Next(3) - 1;
    }
}
