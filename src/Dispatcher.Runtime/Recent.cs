using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Dispatcher.Runtime;

/// <summary>What was worked out or read lately, by what it depends on. Safe to use from several threads.</summary>
/// <remarks>When it is full it begins anew, since nobody tells what is not needed any more; that costs one look at each that is.</remarks>
/// <param name="most">How many are kept.</param>
internal sealed class Recent<TKey, TValue>(int most)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _values = new();

    /// <summary>Finds what is kept for a key.</summary>
    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <summary>Keeps a value.</summary>
    /// <returns>The value.</returns>
    public TValue Keep(TKey key, TValue value)
    {
        if (_values.Count >= most)
            _values.Clear();
        return _values[key] = value;
    }
}
