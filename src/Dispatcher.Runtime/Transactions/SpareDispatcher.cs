using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>
/// The dispatcher that newcomers are verified against: made for the chain that they are expected to make, and put on the hook if that is
/// the one. Then the lock is held for less, and the kernel verifies one dispatcher instead of two.
/// </summary>
/// <param name="dispatcher">Attached nowhere; owned until it is taken.</param>
/// <param name="spec">What it was made from.</param>
/// <param name="boundTo">Interface index of the device it is bound to, if it is.</param>
internal sealed class SpareDispatcher(LoadedDispatcher dispatcher, DispatcherSpec spec, int boundTo) : IDisposable
{
    private LoadedDispatcher? _left = dispatcher;

    /// <summary>The dispatcher, to verify against; borrowed.</summary>
    public LoadedDispatcher Dispatcher => _left ?? throw new ObjectDisposedException(nameof(SpareDispatcher));

    /// <summary>Loads one.</summary>
    /// <inheritdoc cref="DispatcherLoader.LoadFor"/>
    public static SpareDispatcher LoadFor(KernelPort kernel, DispatcherSpec spec, InterfaceReading target) =>
        new(DispatcherLoader.LoadFor(kernel, spec, target), spec, target.Index);

    /// <summary>Hands it over, once, if it is what is wanted. Null: it is not, or is taken.</summary>
    /// <param name="wanted">The dispatcher to have.</param>
    /// <param name="target">Interface of the hook.</param>
    public LoadedDispatcher? TakeFor(DispatcherSpec wanted, InterfaceReading target)
    {
        if (_left is null || !wanted.Equals(spec) || (wanted.IsDeviceBound && target.Index != boundTo))
            return null;
        (var taken, _left) = (_left, null);
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _left?.Dispose();
        _left = null;
    }
}
