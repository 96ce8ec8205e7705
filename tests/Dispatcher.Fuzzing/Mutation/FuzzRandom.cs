namespace Dispatcher.Fuzzing.Mutation;

/// <summary>Random numbers that a seed repeats: xorshift64*, cheaper than <see cref="Random"/>.</summary>
/// <param name="seed">Any number.</param>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = (seed + 1) * 0x9e3779b97f4a7c15 | 1;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545f4914f6cdd1d;
    }

    /// <summary>0 to <paramref name="limit"/> - 1; 0 when the limit is less than 1.</summary>
    public int Next(int limit) => limit < 1 ? 0 : (int)((NextBits() >> 33) * (ulong)limit >> 31);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Next(times) == 0;

    /// <summary>One of the elements.</summary>
    public T Pick<T>(IReadOnlyList<T> list) => list[Next(list.Count)];
}
