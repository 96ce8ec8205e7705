using System.Collections.Immutable;

namespace Dispatcher.Compiler.Model;

/// <summary>How a dispatcher holds its policy.</summary>
public enum DispatcherFlavour
{
    /// <summary>One stub per component, policy as immediates. What the runtime loads.</summary>
    Specialised,

    /// <summary>Ten stubs, policy read from <c>.rodata</c>, so that a loader can fill it in.</summary>
    Generic,
}

/// <summary>Everything that decides a generated dispatcher: the same spec gives the same bytes.</summary>
public sealed record DispatcherSpec
{
    /// <summary>Checks and keeps a spec.</summary>
    /// <param name="version">Protocol version, 1 to 3.</param>
    /// <param name="slots">1 to 10 slots, in running order. A generic dispatcher may start with none.</param>
    /// <param name="flavour">Specialised or generic.</param>
    /// <exception cref="ArgumentException">A version that is not known, too few or too many slots, or a slot with flags that the version cannot say.</exception>
    public DispatcherSpec(DispatcherVersion version, ImmutableArray<Slot> slots, DispatcherFlavour flavour = DispatcherFlavour.Specialised)
    {
        if (version is < DispatcherVersion.V1 or > DispatcherVersion.V3)
            throw new ArgumentException($"There is no version {(int)version}; use 1, 2 or 3.", nameof(version));
        var fewest = flavour == DispatcherFlavour.Generic ? 0 : 1;
        if (slots.IsDefault || slots.Length < fewest || slots.Length > DispatcherLimits.MaxSlots)
            throw new ArgumentException($"A dispatcher has {fewest} to {DispatcherLimits.MaxSlots} slots, not {(slots.IsDefault ? 0 : slots.Length)}.", nameof(slots));
        RefuseInexpressible(version, slots);
        Version = version;
        Slots = slots;
        Flavour = flavour;
    }

    /// <summary>Protocol version, in marker and config.</summary>
    public DispatcherVersion Version { get; }

    /// <summary>The slots in running order.</summary>
    public ImmutableArray<Slot> Slots { get; }

    /// <summary>Specialised or generic.</summary>
    public DispatcherFlavour Flavour { get; }

    /// <summary>Keeps the dispatcher from taking packets in several buffers, for kernels that have none (before 5.18).</summary>
    public bool LeavesOutFrags { get; init; }

    /// <summary>Whether the dispatcher takes packets in several buffers: only when every slot does.</summary>
    public bool HasFrags => !LeavesOutFrags && Slots.Length > 0 && Slots.All(s => s.Flags.HasFlag(ProgramFlags.Frags));

    /// <summary>Whether the dispatcher is bound to one device: only when every slot is.</summary>
    public bool IsDeviceBound => Slots.Length > 0 && Slots.All(s => s.Flags.HasFlag(ProgramFlags.DeviceBound));

    /// <summary>The config this spec puts into <c>.rodata</c>.</summary>
    public DispatcherConfig ToConfig() => new(Version, Slots, HasFrags, IsDeviceBound);

    /// <inheritdoc/>
    public bool Equals(DispatcherSpec? other) =>
        other is not null && Version == other.Version && Flavour == other.Flavour && LeavesOutFrags == other.LeavesOutFrags
        && Slots.AsSpan().SequenceEqual(other.Slots.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Version);
        hash.Add(Flavour);
        hash.Add(LeavesOutFrags);
        foreach (var slot in Slots)
            hash.Add(slot);
        return hash.ToHashCode();
    }

    private static void RefuseInexpressible(DispatcherVersion version, ImmutableArray<Slot> slots)
    {
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var beyond = slots[slot].Flags & version.FlagsBeyond();
            if (beyond == ProgramFlags.None)
                continue;
            var what = beyond.HasFlag(ProgramFlags.DeviceBound) ? "is device-bound" : beyond == ProgramFlags.Frags ? "takes frags" : $"has flags 0x{(uint)beyond:x}";
            var remedy = beyond.HasFlag(ProgramFlags.DeviceBound) ? "use version 3" : "use version 2 or 3, or leave the flag out";
            throw new ArgumentException($"Slot {slot} {what}, which version {(int)version} cannot say; {remedy}.", nameof(slots));
        }
    }
}
