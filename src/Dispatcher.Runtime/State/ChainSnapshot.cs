using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.State;

/// <summary>A chain as it was at one moment, held by fds, so that nothing in it can be freed or its ids reused.</summary>
/// <param name="Mode">Mode of the hook it is on.</param>
/// <param name="Dispatcher">Owned.</param>
/// <param name="Info">What the kernel says of the dispatcher.</param>
/// <param name="Config">Version and policy.</param>
/// <param name="PinDirectory">Where its pins are.</param>
/// <param name="Components">In slot order; owned.</param>
internal sealed record ChainSnapshot(
    AttachMode Mode, ProgramFd Dispatcher, ProgramInfo Info, DispatcherConfig Config, string PinDirectory,
    ImmutableArray<AttachedComponent> Components) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var component in Components)
            component.Dispose();
        Dispatcher.Dispose();
    }

    /// <summary>The public picture of it.</summary>
    public ChainStatus ToStatus() => new(
        Info.Id, Info.Tag, Config.Version, Config.HasFrags,
        [.. Components.Select((component, slot) => component.ToStatus(slot))]);

    /// <summary>As planning sees it.</summary>
    public PlannedFrom ToPlanned() => new(Config.Version, Mode, [.. Components.Select(component => component.ToPlanned())])
    {
        DispatcherFlags = Config.DispatcherFlags,
    };
}

/// <summary>A component that runs in a chain.</summary>
/// <param name="Program">Owned.</param>
/// <param name="Link">Holds it in its slot; owned.</param>
/// <param name="Info">What the kernel says of it.</param>
/// <param name="Name">Full function name where BTF tells it.</param>
/// <param name="Policy">Priority, chain call actions and flags in the dispatcher's config.</param>
internal sealed record AttachedComponent(ProgramFd Program, LinkFd Link, ProgramInfo Info, string Name, Slot Policy) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Link.Dispose();
        Program.Dispose();
    }

    /// <summary>As planning sees it.</summary>
    public PlannedComponent ToPlanned() => new(Info.Id, Name, Info.Tag, Info.LoadTimeNs, IsInChain: true, 0, Policy);

    /// <summary>The public picture of it.</summary>
    public ComponentStatus ToStatus(int slot) => new(
        slot, Info.Id, Name, Info.Tag, Policy.Priority, Policy.Actions, Policy.Flags.HasFlag(ProgramFlags.Frags))
    {
        IsDeviceBound = Policy.Flags.HasFlag(ProgramFlags.DeviceBound),
    };
}
