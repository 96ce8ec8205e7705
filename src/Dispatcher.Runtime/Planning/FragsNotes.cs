using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Planning;

/// <summary>Remarks on components that take packets in several buffers (frags) and run in a chain that does not.</summary>
internal static class FragsNotes
{
    /// <summary>Whom the other components of the chain keep from frags, and who does; nothing where that was so before for all of them.</summary>
    /// <param name="before">The chain on the NIC; empty: none.</param>
    /// <param name="after">The chain as it will be.</param>
    public static ImmutableArray<ChangeNote> OfMixed(ImmutableArray<PlannedComponent> before, ImmutableArray<PlannedComponent> after) =>
        KeptFromFrags(after).Except(KeptFromFrags(before)).Any()
            ? [new ChangeNote(ChangeNoteKind.FragsDowngraded,
                $"the chain takes no packets in several buffers (frags): {Names(after, hasFrags: true)} would, but {Names(after, hasFrags: false)} would not")]
            : [];

    /// <summary>The kernel has no frags, though every component of the chain takes them.</summary>
    /// <param name="isDeviceBound">The chain is bound to its device, which early kernels allow only without frags.</param>
    public static ChangeNote OfKernel(bool isDeviceBound) => new(ChangeNoteKind.FragsUnsupported,
        "the chain takes no packets in several buffers (frags): every program would, but this kernel has none"
        + (isDeviceBound ? " for device-bound programs; a newer one has" : "; Linux 5.18 or later has"));

    private static IEnumerable<ProgramId> KeptFromFrags(ImmutableArray<PlannedComponent> components) => components.All(HasFrags)
        ? []
        : components.Where(HasFrags).Select(component => component.Id);

    private static bool HasFrags(PlannedComponent component) => component.Policy.Flags.HasFlag(ProgramFlags.Frags);

    private static string Names(ImmutableArray<PlannedComponent> components, bool hasFrags) => string.Join(", ", components
        .Where(component => HasFrags(component) == hasFrags)
        .Select(component => Printable.Escape(component.Name)));
}
