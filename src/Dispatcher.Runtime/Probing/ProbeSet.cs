using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Probing;

/// <summary>One probe for each component of a chain, kept while the component stays. Not safe for use by two threads.</summary>
/// <typeparam name="TProbe">What is kept for a component.</typeparam>
internal sealed class ProbeSet<TProbe> : IDisposable
    where TProbe : class, IDisposable
{
    private Dictionary<ProgramId, TProbe> _probes = [];

    /// <summary>The probe of a component that was in the chain at the last <see cref="Follow"/>.</summary>
    public TProbe this[ProgramId program] => _probes[program];

    /// <summary>Probes the newcomers of a chain and lets go of those that left.</summary>
    /// <param name="components">The chain as it is; empty when there is none.</param>
    /// <param name="stays">Whether a probe still fits its component in its slot.</param>
    /// <param name="start">Makes the probe of the component in a slot.</param>
    public void Follow(IReadOnlyList<AttachedComponent> components, Func<TProbe, int, bool> stays, Func<AttachedComponent, int, TProbe> start)
    {
        var kept = new Dictionary<ProgramId, TProbe>();
        for (var slot = 0; slot < components.Count; slot++)
        {
            if (_probes.TryGetValue(components[slot].Info.Id, out var probe) && stays(probe, slot))
                kept.TryAdd(components[slot].Info.Id, probe);
        }

        foreach (var (id, probe) in _probes)
        {
            if (!kept.ContainsKey(id))
                probe.Dispose();
        }

        _probes = kept;
        for (var slot = 0; slot < components.Count; slot++)
        {
            if (!_probes.ContainsKey(components[slot].Info.Id))
                _probes.Add(components[slot].Info.Id, start(components[slot], slot));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var probe in _probes.Values)
            probe.Dispose();
        _probes = [];
    }
}
