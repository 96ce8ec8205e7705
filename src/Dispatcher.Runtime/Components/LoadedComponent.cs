using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.Components;

/// <summary>Newcomers, and the dispatcher that they were verified against.</summary>
/// <param name="Components">In the order of the request; owned.</param>
/// <param name="Spare">Owned.</param>
internal sealed record VerifiedComponents(ImmutableArray<LoadedComponent> Components, SpareDispatcher Spare) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var component in Components)
            component.Dispose();
        Spare.Dispose();
    }
}

/// <summary>A newcomer, verified by the kernel and not in any chain yet.</summary>
/// <param name="Program">EXT program; owned.</param>
/// <param name="Info">What the kernel says of it.</param>
/// <param name="Source">Where it came from, with the policy asked for.</param>
/// <param name="Maps">Its maps by name, when it came from an ELF object; owned.</param>
internal sealed record LoadedComponent(
    ProgramFd Program, ProgramInfo Info, ComponentProgram Source, ImmutableSortedDictionary<string, MapFd> Maps) : IDisposable
{
    /// <summary>As planning sees it.</summary>
    public PlannedComponent ToPlanned() => Source.ToPlanned() with { Id = Info.Id, Tag = Info.Tag, LoadTimeNs = Info.LoadTimeNs };

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        foreach (var map in Maps.Values)
            map.Dispose();
    }
}
