using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.Simulation.Actors;

/// <summary>A component in a slot.</summary>
/// <param name="Id">Program id; 0: nothing replaces the stub.</param>
/// <param name="Name">Function name.</param>
/// <param name="Priority">As the dispatcher's config says.</param>
/// <param name="Actions">As the dispatcher's config says.</param>
internal readonly record struct HookItem(uint Id, string Name, uint Priority, string Actions);

/// <summary>What is on a hook, read from the machine and not through the library.</summary>
/// <param name="Program">Program id of what is attached; 0: nothing.</param>
/// <param name="Version">Of the dispatcher; null: it is none.</param>
/// <param name="Items">Components in slot order, dead slots left out.</param>
/// <param name="Bypassed">Slots whose component is gone.</param>
internal sealed record HookContent(uint Program, DispatcherVersion? Version, ImmutableArray<HookItem> Items, int Bypassed)
{
    private const string Entry = "xdp_dispatcher";

    public bool IsEmpty => Program == 0;

    public bool IsChain => Version is not null;

    /// <summary>Something that is no dispatcher.</summary>
    public bool IsForeign => !IsEmpty && !IsChain;

    /// <summary>Priority, then name; equal ones stay as they are.</summary>
    public bool IsInOrder => Items.Zip(Items.Skip(1)).All(pair => pair.First.Priority < pair.Second.Priority
        || (pair.First.Priority == pair.Second.Priority && string.CompareOrdinal(pair.First.Name, pair.Second.Name) <= 0));

    /// <summary>Reads the hook.</summary>
    public static HookContent Of(SimInterface target)
    {
        if (target.Occupant?.Program is not { } program)
            return new HookContent(0, null, [], 0);
        if (PacketRun.ConfigOf(program) is not { } config)
            return new HookContent(program.Id, null, [], 0);
        var whole = program.ReplacementOf(Entry);
        var items = ImmutableArray.CreateBuilder<HookItem>(config.Slots.Length);
        for (var slot = 0; slot < config.Slots.Length; slot++)
        {
            if ((config.Slots.Length == 1 ? whole ?? program.ReplacementOf("prog0") : program.ReplacementOf($"prog{slot}")) is { } link)
                items.Add(new HookItem(link.Program.Id, link.Program.Name, config.Slots[slot].Priority, config.Slots[slot].Actions.ToString()));
        }

        return new HookContent(program.Id, config.Version, items.ToImmutable(), config.Slots.Length - items.Count);
    }

    /// <inheritdoc/>
    public override string ToString() => IsEmpty ? "empty" : IsForeign ? $"foreign {Program}"
        : $"v{(int)Version!}[{string.Join(' ', Items.Select(item => item.Name))}]{(Bypassed > 0 ? $" {Bypassed} dead" : "")}";
}
