using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Components;

/// <summary>A newcomer, verified by the kernel and not in any chain yet.</summary>
/// <param name="Program">EXT program; owned.</param>
/// <param name="Info">What the kernel says of it.</param>
/// <param name="Source">Where it came from, with the policy asked for.</param>
/// <param name="Maps">Its maps by name, when it came from an ELF object; owned.</param>
internal sealed record LoadedComponent(
    ProgramFd Program, ProgramInfo Info, ComponentProgram Source, ImmutableSortedDictionary<string, MapFd> Maps) : IDisposable
{
    /// <summary>As planning sees it.</summary>
    public PlannedComponent ToPlanned() => new(
        Info.Id, Source.Name, Info.Tag, Info.LoadTimeNs, IsInChain: false, Source.InstructionCount,
        new Slot(Source.Priority, Source.Actions, Source.Flags));

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        foreach (var map in Maps.Values)
            map.Dispose();
    }
}
