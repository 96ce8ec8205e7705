using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Planning;

/// <summary>Which protocol version a chain gets or keeps, and what happens to flags that it cannot say.</summary>
/// <remarks>
/// A chain keeps its version unless it is converted. A program that takes frags may still join a chain of version 1: it
/// runs without, which is what that version means, and a note says so. A program that is device-bound may not join a
/// chain that cannot say that: bound to a device it cannot be loaded for another dispatcher.
/// </remarks>
internal static class VersionRules
{
    /// <summary>The version of the chain after components joined.</summary>
    /// <param name="current">The chain on the NIC; null: the hook is empty.</param>
    /// <param name="components">All components, newcomers too.</param>
    /// <param name="wanted">What the caller asked for; null: whatever will do.</param>
    /// <exception cref="RefusedException">Another version was asked for than the chain has.</exception>
    public static DispatcherVersion ForAttach(PlannedFrom? current, ImmutableArray<PlannedComponent> components, DispatcherVersion? wanted)
    {
        if (current is null)
            return wanted ?? DispatcherVersions.LowestFor(components.Select(component => component.Policy));
        if (wanted is { } other && other != current.Version)
        {
            throw new RefusedException(
                $"The chain is of protocol version {(int)current.Version} and keeps it; version {(int)other} was asked for. "
                + "Nothing was changed; leave the version out, or convert the chain first ('xdp-dispatch convert').");
        }

        return current.Version;
    }

    /// <summary>The components as a dispatcher of this version can say them: without frags in version 1.</summary>
    /// <exception cref="RefusedException">One is device-bound, and the version cannot say it.</exception>
    public static ImmutableArray<PlannedComponent> Fit(ImmutableArray<PlannedComponent> components, DispatcherVersion version)
    {
        var beyond = version.FlagsBeyond();
        if (components.FirstOrDefault(component => (component.Policy.Flags & beyond).HasFlag(ProgramFlags.DeviceBound)) is { } bound)
        {
            throw new RefusedException(
                $"{Describe(bound)} is device-bound, which protocol version {(int)version} cannot say. Nothing was changed; "
                + "convert the chain to version 3 first ('xdp-dispatch convert'), or use version 3 on an empty hook.");
        }

        return [.. components.Select(component => component with { Policy = component.Policy with { Flags = component.Policy.Flags & ~beyond } })];
    }

    /// <summary>A note for every component that takes frags and that <see cref="Fit"/> made do without.</summary>
    public static IEnumerable<ChangeNote> NotesOf(ImmutableArray<PlannedComponent> components, DispatcherVersion version) =>
        from component in components
        where (component.Policy.Flags & version.FlagsBeyond()).HasFlag(ProgramFlags.Frags)
        select new ChangeNote(
            ChangeNoteKind.FragsNotExpressible,
            $"{Describe(component)} takes frags, which protocol version {(int)version} cannot say: it runs without");

    /// <summary>A note when a chain becomes one that releases of libxdp in use cannot change (docs/interop.md has the table).</summary>
    /// <param name="current">Of the chain as it is; null: the hook is empty.</param>
    /// <param name="version">Of the chain as it will be.</param>
    public static IEnumerable<ChangeNote> NotesOfPeers(DispatcherVersion? current, DispatcherVersion version)
    {
        if (current == version)
            yield break;
        if (version == DispatcherVersion.V3)
        {
            yield return new ChangeNote(
                ChangeNoteKind.PeersLockedOut,
                "libxdp before 1.6 does not know protocol version 3: its applications, xdp-loader too, can neither read nor change this chain");
        }

        if (version == DispatcherVersion.V1)
        {
            yield return new ChangeNote(
                ChangeNoteKind.PeersLockedOut,
                "libxdp 1.3 and later read protocol version 1 and do not join it: their applications, xdp-loader too, can list and empty this chain, and no more");
        }
    }

    /// <summary>Refuses to convert a chain to a version that cannot say what the chain uses.</summary>
    /// <exception cref="RefusedException">Names every component, with its slot, that stands in the way.</exception>
    public static void RefuseLoss(PlannedFrom current, DispatcherVersion version)
    {
        var obstacles = Obstacles(current, version.FlagsBeyond()).ToList();
        if (obstacles.Count == 0)
            return;
        throw new RefusedException(
            $"Protocol version {(int)version} cannot say what the chain uses: {string.Join("; ", obstacles)}. "
            + $"Nothing was changed; unload what stands in the way, or keep version {(int)current.Version}.");
    }

    private static IEnumerable<string> Obstacles(PlannedFrom current, ProgramFlags beyond)
    {
        for (var slot = 0; slot < current.Components.Length; slot++)
        {
            var flags = current.Components[slot].Policy.Flags & beyond;
            if (flags != ProgramFlags.None)
                yield return $"{Describe(current.Components[slot])} in slot {slot} {Words(flags)}";
        }

        // Another application may say of the dispatcher what it does not say of the components.
        var own = current.DispatcherFlags & beyond & ~AllFlags(current);
        if (own != ProgramFlags.None)
            yield return $"the dispatcher {Words(own)}";
    }

    private static ProgramFlags AllFlags(PlannedFrom current) =>
        current.Components.Aggregate(ProgramFlags.None, (flags, component) => flags | component.Policy.Flags);

    private static string Words(ProgramFlags flags)
    {
        var words = new List<string>();
        if (flags.HasFlag(ProgramFlags.Frags))
            words.Add("takes frags");
        if (flags.HasFlag(ProgramFlags.DeviceBound))
            words.Add("is device-bound");
        var others = flags & ~(ProgramFlags.Frags | ProgramFlags.DeviceBound);
        if (others != ProgramFlags.None)
            words.Add($"has flags 0x{(uint)others:x}");
        return string.Join(" and ", words);
    }

    // What is not loaded yet has no id.
    private static string Describe(PlannedComponent component) =>
        component.Id == default ? $"program '{Printable.Escape(component.Name)}'" : $"program {component.Id} '{Printable.Escape(component.Name)}'";
}
