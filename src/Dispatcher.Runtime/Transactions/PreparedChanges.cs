using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Transactions;

/// <summary>What was got ready for each group of a batch, once; owned until disposed.</summary>
internal sealed class PreparedChanges : IDisposable
{
    private readonly Dictionary<uint, PreparedChange> _ready = [];
    private readonly Dictionary<uint, DispatcherException> _refused = [];

    /// <summary>What is ready for a group.</summary>
    public PreparedChange this[uint group] => _ready[group];

    /// <summary>Gets a group ready unless that was tried before.</summary>
    /// <exception cref="DispatcherException">It cannot be. When that is for the newcomers, not for the interface at hand, it is not tried again.</exception>
    public void Ensure(uint group, Func<PreparedChange> prepare)
    {
        if (_refused.TryGetValue(group, out var refused))
            throw refused;
        if (_ready.ContainsKey(group))
            return;
        try
        {
            _ready[group] = prepare();
        }
        catch (DispatcherException failure) when (failure is VerifierException or ComponentException or UnsupportedKernelException)
        {
            _refused[group] = failure;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var prepared in _ready.Values)
            prepared.Dispose();
    }
}
