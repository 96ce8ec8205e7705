using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Revisions that are built once and put on every interface whose chain is to be the same; owned until disposed.</summary>
/// <param name="kernel">The port.</param>
internal sealed class RevisionPool(KernelPort kernel) : IDisposable
{
    private readonly Dictionary<Key, Revision> _built = [];

    /// <summary>The revision of a plan, built unless there is one that has the same components in the same slots by the same policy.</summary>
    /// <inheritdoc cref="Revision.Build"/>
    public Revision Take(ChainPlan plan, InterfaceReading target, Func<ProgramId, ProgramFd> programOf, SpareDispatcher? spare)
    {
        var key = KeyOf(plan, target);
        if (_built.TryGetValue(key, out var revision))
            return revision;
        DropUnused();
        return _built[key] = Revision.Build(kernel, plan, target, programOf, spare);
    }

    /// <summary>The revision with a dispatcher that was taken from here.</summary>
    public Revision Find(ProgramId dispatcher) => _built.Values.First(revision => revision.Info.Id == dispatcher);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var revision in _built.Values)
            revision.Dispose();
        _built.Clear();
    }

    // Whoever takes turns with others plans anew after each lost race, and what nobody took does not come again.
    private void DropUnused()
    {
        foreach (var (key, revision) in _built.Where(each => !each.Value.IsOnHook).ToList())
        {
            _built.Remove(key);
            revision.Dispose();
        }
    }

    // A device-bound dispatcher runs on its device only.
    private static Key KeyOf(ChainPlan plan, InterfaceReading target)
    {
        var spec = plan.ToSpec();
        return new Key(spec, spec.IsDeviceBound ? target.Index : 0, [.. plan.Components.Select(component => component.Id)]);
    }

    /// <summary>What makes a revision: its dispatcher, the device it is bound to, and the components in the order of slots.</summary>
    private readonly record struct Key(DispatcherSpec Spec, int Device, ImmutableArray<ProgramId> Components)
    {
        public bool Equals(Key other) => Device == other.Device && Spec.Equals(other.Spec) && Components.AsSpan().SequenceEqual(other.Components.AsSpan());

        public override int GetHashCode() => Components.Aggregate(Device, HashCode.Combine);
    }
}
