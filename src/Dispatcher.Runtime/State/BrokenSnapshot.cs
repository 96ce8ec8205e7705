using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>A chain some of whose components have not been found, held by fds.</summary>
/// <param name="interfaceName">The interface it is on.</param>
/// <param name="mode">Mode of the hook it is on.</param>
/// <param name="dispatcher">Owned.</param>
/// <param name="info">What the kernel says of the dispatcher.</param>
/// <param name="config">Version and policy.</param>
/// <param name="pinDirectory">Where its pins belong.</param>
internal sealed class BrokenSnapshot(
    string interfaceName, AttachMode mode, ProgramFd dispatcher, ProgramInfo info, DispatcherConfig config, string pinDirectory) : IDisposable
{
    private readonly AttachedComponent?[] _components = new AttachedComponent?[config.Slots.Length];

    /// <summary>The interface it is on.</summary>
    public string InterfaceName { get; } = interfaceName;

    /// <summary>Mode of the hook it is on.</summary>
    public AttachMode Mode { get; } = mode;

    /// <summary>The dispatcher; borrowed.</summary>
    public ProgramFd Dispatcher { get; } = dispatcher;

    /// <summary>What the kernel says of the dispatcher.</summary>
    public ProgramInfo Info { get; } = info;

    /// <summary>Version and policy of all slots.</summary>
    public DispatcherConfig Config { get; } = config;

    /// <summary>Where its pins belong.</summary>
    public string PinDirectory { get; } = pinDirectory;

    /// <summary>See <see cref="LostSlot.PinnedForIndex"/>, by slot.</summary>
    public Dictionary<int, int> PinnedForIndex { get; } = [];

    /// <summary>See <see cref="BrokenChain.MissingBpfFs"/>.</summary>
    public string? MissingBpfFs { get; set; }

    /// <summary>Slots whose component has not been found.</summary>
    public ImmutableArray<int> LostSlots => [.. Enumerable.Range(0, _components.Length).Where(slot => _components[slot] is null)];

    /// <summary>The component of a slot; borrowed. Null: not found.</summary>
    public AttachedComponent? this[int slot] => _components[slot];

    /// <summary>Puts a component in its slot; owned from here on. Null: it was not found.</summary>
    public void Put(int slot, AttachedComponent? component) => _components[slot] = component;

    /// <summary>The chain of the components that were found, and of no others. What this held is the snapshot's.</summary>
    public ChainSnapshot ToSnapshot()
    {
        ImmutableArray<AttachedComponent> found = [.. _components.OfType<AttachedComponent>()];
        return new ChainSnapshot(Mode, Dispatcher, Info, Config with { Slots = [.. found.Select(component => component.Policy)] }, PinDirectory, found);
    }

    /// <summary>The public picture of it.</summary>
    public BrokenChain ToStatus() => new(
        Info.Id, Info.Tag, Config.Version,
        [.. LostSlots.Select(slot => new LostSlot(slot, Config.Slots[slot].Priority, Config.Slots[slot].Actions))])
    {
        IsWithoutPins = LostSlots.Length == _components.Length,
        MissingBpfFs = MissingBpfFs,
        Programs = [.. _components.Select((component, slot) => component?.ToStatus(slot)).OfType<ComponentStatus>()],
        Mode = Mode,
    };

    /// <summary>The same once everything alive has been found: what is lost is dead.</summary>
    public BrokenChain ToFinalStatus()
    {
        var status = ToStatus();
        return status with { LostSlots = [.. status.LostSlots.Select(lost => lost with { IsAlive = false })] };
    }

    /// <summary>Closes the fds of components, not the dispatcher's.</summary>
    public void DisposeComponents()
    {
        foreach (var component in _components)
            component?.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeComponents();
        Dispatcher.Dispose();
    }
}
