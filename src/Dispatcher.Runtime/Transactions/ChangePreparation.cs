using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Maps;
using Dispatcher.Runtime.Planning;
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
        Foresee(request, ReadPlanned(cancellationToken));
        return IsBound(request) ? (uint)target.Index : 0;
    }

    /// <summary>Refuses a replacement early. It takes over maps of the component that goes, so it is for that one.</summary>
    public uint Screen(ReplaceRequest request, CancellationToken cancellationToken)
    {
        using var old = Foresee(request, cancellationToken).Old;
        return old.Info.Id.Value;
    }

    /// <summary>Refuses a change without newcomers early. All interfaces may share it.</summary>
    public uint Screen(IChainChange change, CancellationToken cancellationToken)
    {
        Foresee(change.Plan(ReadPlanned(cancellationToken), target.Name));
        return 0;
    }

    /// <summary>See <see cref="AttachRequest"/>.</summary>
    public PreparedChange Attach(AttachRequest request, CancellationToken cancellationToken)
    {
        var expected = Foresee(request, query.Foresee(target, cancellationToken));
        var verified = verifier.LoadAll(request.Programs, request.Options.MapPinFolder, target, expected);
        // Pinned maps are those of the program that runs, and are nobody's to fill when that one is kept.
        if (request.Options.IfPresent == PresentProgram.Keep)
            return new PreparedChange(new AttachChange(verified, request.Options, component => Fill(component, [])), verified) { Notes = ObjectNotes.Of(request.Programs, request.Options.MapPinFolder) };
        return new PreparedChange(new AttachChange(verified, request.Options), verified)
        {
            Notes = ObjectNotes.Of(request.Programs, request.Options.MapPinFolder),
            Filling = () =>
            {
                foreach (var component in verified.Components)
                    Fill(component, []);
            },
        };
    }

    /// <summary>See <see cref="ReplaceRequest"/>.</summary>
    public PreparedChange Replace(ReplaceRequest request, CancellationToken cancellationToken)
    {
        var (old, expected) = Foresee(request, cancellationToken);
        try
        {
            using var maps = new MapTakeover(kernel.Bpf, old.Info, request.Replacement, request.Options);
            var verified = verifier.LoadAll([request.Replacement], request.Options.MapPinFolder, target, expected, maps.Choose);
            return new PreparedChange(new ReplaceChange(verified, old.Info.Id, request.Options), verified, old)
            {
                GoesByName = request.Selection.Name is null ? null : old.Info.Id,
                Notes = [.. ObjectNotes.Of([request.Replacement], request.Options.MapPinFolder), .. MapNotes.Of(maps)],
                Filling = () => Fill(verified.Components[0], maps.Taken),
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
        // The caller holds it open, so it is there.
        var fd = kernel.Bpf.OpenProgram(seen.Id)!;
        try
        {
            var loaded = new LoadedComponent(fd, kernel.Bpf.GetInfo(fd), source, ImmutableSortedDictionary<string, MapFd>.Empty);
            var change = new ReattachChange(loaded, request.Mode, request.Version);
            Foresee(change.Plan(query.Foresee(target, cancellationToken), target.Name));
            return new PreparedChange(change, loaded);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    // Before many interfaces are changed, each chain is opened: one that lost its pins is to be refused before the first is changed.
    private PlannedFrom? ReadPlanned(CancellationToken cancellationToken)
    {
        using var chain = query.ReadFreshChain(target, cancellationToken);
        return chain?.ToPlanned();
    }

    private DispatcherSpec? Foresee(AttachRequest request, PlannedFrom? chain)
    {
        try
        {
            return Foresee(ChainPlanner.Attach(chain, [.. request.Programs.Select(program => program.ToPlanned())], request.Options));
        }
        catch (RefusedException) when (IsBound(request))
        {
            // What the kernel or the driver cannot do at all is the reason to tell, rather than what else stands in the way.
            verifier.RequireBinding(target);
            throw;
        }
    }

    private (OpenedComponent Old, DispatcherSpec? Expected) Foresee(ReplaceRequest request, CancellationToken cancellationToken)
    {
        using var chain = query.ReadFreshChain(target, cancellationToken)
            ?? throw new NotFoundException($"No XDP program is attached to {Printable.Escape(target.Name)}; there is nothing to choose from.");
        var (fd, program) = ChainQuery.OpenOne(kernel, target, chain, request.Selection);
        try
        {
            var expected = Foresee(ChainPlanner.Replace(chain.ToPlanned(), program.Id, request.Replacement.ToPlanned(), request.Options));
            return (new OpenedComponent(fd, chain.Components[program.Slot].Info), expected);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    private static bool IsBound(AttachRequest request) => request.Programs.Any(program => program.Flags.HasFlag(ProgramFlags.DeviceBound));

    // The dispatcher of a plan that is made of the chain as it is now; null: it needs none. What the kernel is known to refuse is refused here.
    private DispatcherSpec? Foresee(ChainPlan plan)
    {
        if (plan.ChangesNothing || plan.EmptiesHook)
            return null;
        return BufferLimit.Predict(target, kernel.Hook.ReadPeer, plan.Mode, plan.WithoutFrags) is { } refused ? throw refused : plan.ToSpec();
    }

    private void Fill(LoadedComponent component, ImmutableSortedSet<string> takenOver)
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
}
