using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Maps;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Gets changes of one chain ready before any lock is taken: newcomers are verified, and what is refused anyway is refused early.</summary>
/// <param name="kernel">The port.</param>
/// <param name="query">Reads the chain.</param>
/// <param name="verifier">Loads newcomers.</param>
/// <param name="target">The interface as it was found by name.</param>
internal sealed class ChangePreparation(KernelPort kernel, ChainQuery query, ComponentVerifier verifier, InterfaceReading target)
{
    /// <summary>Refuses an attach early. A device-bound component fits one device; any other fits all.</summary>
    public uint Screen(AttachRequest request, CancellationToken cancellationToken)
    {
        query.RefuseEarly(
            target, request.Programs, request.Options.Mode, cancellationToken, keepsPresent: request.Options.IfPresent == PresentProgram.Keep);
        return request.Programs.Any(program => program.Flags.HasFlag(ProgramFlags.DeviceBound)) ? (uint)target.Index : 0;
    }

    /// <summary>Refuses a replacement early. It takes over maps of the component that goes, so it is for that one.</summary>
    public uint Screen(ReplaceRequest request, CancellationToken cancellationToken)
    {
        using var old = query.OpenComponent(target, request.Selection, cancellationToken);
        query.RefuseEarly(target, [request.Replacement], AttachMode.Unspecified, cancellationToken, old.Info.Id);
        return old.Info.Id.Value;
    }

    /// <summary>See <see cref="AttachRequest"/>.</summary>
    public PreparedChange Attach(AttachRequest request, CancellationToken cancellationToken)
    {
        Screen(request, cancellationToken);
        var loaded = verifier.LoadAll(request.Programs, request.Options.MapPinFolder, target);
        // Pinned maps are those of the program that runs, and are nobody's to fill when that one is kept.
        if (request.Options.IfPresent == PresentProgram.Keep)
            return new PreparedChange(new AttachChange(loaded, request.Options, component => Fill(component, [])), [.. loaded]);
        return new PreparedChange(new AttachChange(loaded, request.Options), [.. loaded])
        {
            FillMaps = () =>
            {
                foreach (var component in loaded)
                    Fill(component, []);
            },
        };
    }

    /// <summary>See <see cref="ReplaceRequest"/>.</summary>
    public PreparedChange Replace(ReplaceRequest request, CancellationToken cancellationToken)
    {
        var old = query.OpenComponent(target, request.Selection, cancellationToken);
        try
        {
            query.RefuseEarly(target, [request.Replacement], AttachMode.Unspecified, cancellationToken, old.Info.Id);
            using var maps = new MapTakeover(kernel.Bpf, old.Info, request.Replacement, request.Options);
            var loaded = verifier.LoadAll([request.Replacement], request.Options.MapPinFolder, target, maps.Choose)[0];
            return new PreparedChange(new ReplaceChange(loaded, old.Info.Id, request.Options), loaded, old)
            {
                GoesByName = request.Selection.Name is null ? null : old.Info.Id,
                Notes = [.. maps.Left.Select(NoteOfLeftMap)],
                FillMaps = () => Fill(loaded, maps.Taken),
            };
        }
        catch
        {
            old.Dispose();
            throw;
        }
    }

    /// <summary>See <see cref="ReattachRequest"/>.</summary>
    public PreparedChange Reattach(ReattachRequest request, CancellationToken cancellationToken)
    {
        var seen = request.LastSeen;
        var flags = (seen.HasFrags ? ProgramFlags.Frags : ProgramFlags.None) | (seen.IsDeviceBound ? ProgramFlags.DeviceBound : ProgramFlags.None);
        var source = new ComponentProgram(seen.Name, 0) { Priority = seen.Priority, Actions = seen.Actions, Flags = flags };
        query.RefuseEarly(target, [source], request.Mode, cancellationToken, leaving: seen.Id);
        // The caller holds it open, so it is there.
        var fd = kernel.Bpf.OpenProgram(seen.Id)!;
        try
        {
            var loaded = new LoadedComponent(fd, kernel.Bpf.GetInfo(fd), source, ImmutableSortedDictionary<string, MapFd>.Empty);
            return new PreparedChange(new ReattachChange(loaded, request.Mode), loaded);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    private void Fill(LoadedComponent component, ImmutableHashSet<string> takenOver)
    {
        if (component.Source.FillMaps is not { } fill)
            return;
        var maps = new List<ProgramMap>();
        try
        {
            foreach (var (_, held) in component.Maps.Where(map => !takenOver.Contains(map.Key)))
            {
                // The component holds it, so it is there.
                var info = kernel.Bpf.GetInfo(held);
                maps.Add(new ProgramMap(kernel, kernel.Bpf.OpenMap(info.Id)!, info));
            }

            if (maps.Count > 0)
                fill(maps);
        }
        finally
        {
            foreach (var map in maps)
                map.Dispose();
        }
    }

    private static ChangeNote NoteOfLeftMap(string name) =>
        new(ChangeNoteKind.MapLeft, $"map '{Printable.Escape(name)}' of the old program has no successor: its contents are gone unless somebody else holds it");
}
