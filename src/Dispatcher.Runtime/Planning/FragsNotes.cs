using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Planning;

/// <summary>Remarks on components that take packets in several buffers (frags) and run in a chain that does not.</summary>
internal static class FragsNotes
{
    /// <summary>Whom the other components of the chain keep from frags, and who does.</summary>
    /// <param name="components">The chain as it will be.</param>
    public static ImmutableArray<ChangeNote> OfMixed(ImmutableArray<PlannedComponent> components)
    {
        var taking = Names(components, hasFrags: true);
        var without = Names(components, hasFrags: false);
        return taking.Length == 0 || without.Length == 0
            ? []
            : [new ChangeNote(ChangeNoteKind.FragsDowngraded,
                $"the chain takes no packets in several buffers (frags): {taking} would, but {without} would not (Linux before 5.18 may have no frags at all)")];
    }

    /// <summary>The kernel has no frags, though every component of the chain takes them.</summary>
    /// <param name="isDeviceBound">The chain is bound to its device, which early kernels allow only without frags.</param>
    public static ChangeNote OfKernel(bool isDeviceBound) => new(ChangeNoteKind.FragsUnsupported,
        "the chain takes no packets in several buffers (frags): every program would, but this kernel has none"
        + (isDeviceBound ? " for device-bound programs; a newer one has" : "; Linux 5.18 or later has"));

    private static string Names(ImmutableArray<PlannedComponent> components, bool hasFrags) => string.Join(", ", components
        .Where(component => component.Policy.Flags.HasFlag(ProgramFlags.Frags) == hasFrags)
        .Select(component => Printable.Escape(component.Name)));
}
