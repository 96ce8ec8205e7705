using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Probing;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime;

/// <summary>Counts what each component of one chain returns, until it is disposed. Safe to use from several threads.</summary>
/// <remarks>
/// A tracing program (fexit) counts at the end of each component; the dispatcher is not touched and nothing is pinned, so
/// all of it is gone when this is disposed or the process ends. A program that is in the chains of several interfaces
/// is counted on all of them. A component that left the chain is held until the next reading.
/// Kernel: 5.10. Needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN.
/// </remarks>
public sealed class ChainStatistics : IDisposable
{
    private readonly KernelPort _kernel;
    private readonly ChainQuery _query;
    private readonly InterfaceReading _target;
    private readonly ProbeSet<CountedComponent> _probes = new();
    private readonly Lock _gate = new();
    private bool _isDisposed;

    internal ChainStatistics(KernelPort kernel, ChainQuery query, InterfaceReading target)
    {
        _kernel = kernel;
        _query = query;
        _target = target;
    }

    /// <summary>Reads the chain and its counters; newcomers are counted from now on, those that left are not in the answer.</summary>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    /// <exception cref="KernelException">A component cannot be watched.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public Task<ChainCounts> ReadAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => Read(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _probes.Dispose();
        }
    }

    internal ChainCounts Read(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            using var chain = _query.ReadChain(_target, cancellationToken);
            ImmutableArray<AttachedComponent> components = chain is null ? [] : chain.Components;
            _probes.Follow(components, (_, _) => true, (component, _) => CountedComponent.Start(_kernel, component));
            return new ChainCounts(
                _target.Name, chain?.Info.Id, [.. components.Select((component, slot) => _probes[component.Info.Id].Read(component, slot))]);
        }
    }
}
