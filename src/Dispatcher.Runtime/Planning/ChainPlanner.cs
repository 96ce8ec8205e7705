using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Planning;

/// <summary>Works out the chain that a request leads to. Pure: the same chain and request give the same plan.</summary>
internal static partial class ChainPlanner
{
    /// <summary>Adds components.</summary>
    /// <param name="current">The chain on the NIC; null: the hook is empty.</param>
    /// <param name="newcomers">Loaded components, in the order of the request.</param>
    /// <param name="options">Wishes for mode and version, and what becomes of those whose names are in the chain.</param>
    /// <exception cref="RefusedException">An eleventh program, another mode, a version that cannot express it, or a mix of device-bound programs and others.</exception>
    public static ChainPlan Attach(PlannedFrom? current, ImmutableArray<PlannedComponent> newcomers, AttachOptions options) =>
        options.IfPresent == PresentProgram.Keep ? AttachAbsent(current, newcomers, options) : AttachAll(current, newcomers, options);

    private static ChainPlan AttachAll(PlannedFrom? current, ImmutableArray<PlannedComponent> newcomers, AttachOptions options)
    {
        var total = (current?.Components.Length ?? 0) + newcomers.Length;
        if (total > DispatcherLimits.MaxSlots)
        {
            throw new RefusedException(
                current is null
                    ? $"A chain holds at most {DispatcherLimits.MaxSlots} programs, and {newcomers.Length} were asked for. Nothing was changed."
                    : $"A chain holds at most {DispatcherLimits.MaxSlots} programs; there are {current.Components.Length} and {newcomers.Length} more were asked for. "
                    + "Nothing was changed; take one out first ('xdp-dispatch status' lists them).");
        }

        var all = Sort([.. current?.Components ?? [], .. newcomers]);
        var mode = ModeFor(current, options.Mode);
        RefuseBinding(all, mode);
        var version = VersionRules.ForAttach(current, all, options.Protocol);
        var fitted = VersionRules.Fit(all, version);
        return new ChainPlan(version, mode, fitted, newcomers)
        {
            Notes =
            [
                .. NewcomerNotes.Namesakes(current?.Components ?? [], newcomers, "; replace exchanges one for another, PresentProgram.Keep adds none"),
                .. NewcomerNotes.InFrontOfEquals(fitted, newcomers), .. VersionRules.NotesOf(Sort(newcomers), version), .. VersionRules.NotesOfPeers(current?.Version, version),
                .. FragsNotes.OfMixed(current?.Components ?? [], fitted), .. PolicyNotes.Of(current?.Components ?? [], fitted),
            ],
        };
    }

    /// <summary>Removes components.</summary>
    /// <param name="current">The chain on the NIC.</param>
    /// <param name="selection">Which ones.</param>
    /// <exception cref="NotFoundException">A chosen id or name is not in the chain.</exception>
    /// <exception cref="RefusedException">What stays is a mix of device-bound programs and others, which a peer built.</exception>
    public static ChainPlan Detach(PlannedFrom current, ComponentSelection selection)
    {
        var leaving = Select(current.Components, selection);
        ImmutableArray<PlannedComponent> staying = [.. current.Components.Where(component => !leaving.Contains(component))];
        RefuseBinding(staying, current.Mode);
        var fitted = VersionRules.Fit(Sort(staying), current.Version);
        return new ChainPlan(current.Version, current.Mode, fitted, leaving) { Notes = [.. PolicyNotes.Of(current.Components, fitted)] };
    }

    /// <summary>Writes the same chain in another protocol version: same components, same order, same policy.</summary>
    /// <param name="current">The chain on the NIC.</param>
    /// <param name="version">Version wanted; the one it has is nothing to do.</param>
    /// <exception cref="RefusedException">The chain uses what that version cannot say.</exception>
    public static ChainPlan Convert(PlannedFrom current, DispatcherVersion version)
    {
        var plan = new ChainPlan(version, current.Mode, current.Components, []);
        if (version == current.Version)
        {
            var note = new ChangeNote(ChangeNoteKind.NothingToDo, $"the chain is of protocol version {(int)version} already");
            return plan with { ChangesNothing = true, Notes = [note] };
        }

        VersionRules.RefuseLoss(current, version);
        return plan with { Notes = [.. VersionRules.NotesOfPeers(current.Version, version)] };
    }

    private static void RefuseBinding(ImmutableArray<PlannedComponent> components, AttachMode mode)
    {
        if (components.All(component => !component.Policy.Flags.HasFlag(ProgramFlags.DeviceBound)))
            return;
        if (DeviceBinding.Refuse(components.Select(component => (component.Label, component.Policy.Flags.HasFlag(ProgramFlags.DeviceBound))), mode) is { } refused)
            throw refused;
    }

    private static ImmutableArray<PlannedComponent> Sort(ImmutableArray<PlannedComponent> components) =>
        [.. components.OrderBy(component => component.OrderKey, SlotOrder.Instance)];

    private static ImmutableArray<PlannedComponent> Select(ImmutableArray<PlannedComponent> components, ComponentSelection selection)
    {
        if (selection.Name is { } name)
        {
            ImmutableArray<PlannedComponent> named = [.. components.Where(component => component.Name == name)];
            return named.IsEmpty
                ? throw new NotFoundException($"No program named '{Printable.Escape(name)}' is in the chain; it holds {List(components)}.")
                : named;
        }

        if (selection.Ids.IsEmpty)
            return components;
        var missing = selection.Ids.Where(id => components.All(component => component.Id != id)).ToList();
        return missing.Count > 0
            ? throw new NotFoundException($"No program with id {string.Join(" or ", missing)} is in the chain; it holds {List(components)}.")
            : [.. selection.Ids.Select(id => components.First(component => component.Id == id))];
    }

    private static string List(ImmutableArray<PlannedComponent> components) =>
        string.Join(", ", components.Select(component => $"{component.Id} '{Printable.Escape(component.Name)}'"));

    private static AttachMode ModeFor(PlannedFrom? current, AttachMode wanted)
    {
        if (wanted == AttachMode.Hw && current?.Mode != AttachMode.Hw)
        {
            throw new RefusedException(
                "A device itself (hw mode) runs only programs that were compiled for it, which a dispatcher with replaceable slots cannot be. "
                + "Nothing was changed; use native or skb mode, or leave the mode out.");
        }

        if (current is null)
            return wanted;
        if (wanted != AttachMode.Unspecified && wanted != current.Mode)
        {
            throw new RefusedException(
                $"The chain is attached in {Words(current.Mode)} mode and keeps it; {Words(wanted)} mode was asked for. "
                + "Nothing was changed; leave the mode out, or empty the hook first.");
        }

        return current.Mode;
    }

    private static string Words(AttachMode mode) => mode switch
    {
        AttachMode.Native => "native",
        AttachMode.Skb => "skb",
        AttachMode.Hw => "hw",
        _ => "unspecified",
    };
}
