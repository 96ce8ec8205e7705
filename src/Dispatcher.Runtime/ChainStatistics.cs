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
    private ProgramId? _dispatcher;
    private ImmutableArray<(ProgramId Id, string Name)> _counted = [];
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
    /// <exception cref="BrokenChainException">Another chain, which is broken, took the place of the one that is counted.</exception>
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
            var broken = Follow(cancellationToken);
            return new ChainCounts(
                _target.Name, _dispatcher, [.. _counted.Select((component, slot) => _probes[component.Id].Read(component.Id, component.Name, slot))])
            {
                Broken = broken,
            };
        }
    }

    // What is counted goes on in a chain that lost pins, as far as it runs: it is the same chain until it is mended.
    private BrokenChain? Follow(CancellationToken cancellationToken)
    {
        try
        {
            using var chain = _query.ReadChain(_target, cancellationToken);
            ImmutableArray<AttachedComponent> components = chain is null ? [] : chain.Components;
            _probes.Follow(components, (_, _) => true, (component, _) => CountedComponent.Start(_kernel, component));
            (_dispatcher, _counted) = (chain?.Info.Id, [.. components.Select(component => (component.Info.Id, component.Name))]);
            return null;
        }
        catch (BrokenChainException broken) when (broken.Chain.DispatcherId == _dispatcher)
        {
            return broken.Chain;
        }
    }
}
