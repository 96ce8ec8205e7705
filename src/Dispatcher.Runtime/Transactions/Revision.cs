using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Transactions;

/// <summary>A new dispatcher with every component of the plan in its slot; on no NIC, and pinned nowhere, by itself.</summary>
/// <remarks>
/// Disposing closes the fds, and the kernel frees what no pin and no hook holds. The components that were in the chain before keep their
/// programs and maps: they are only linked a second time. One revision may be put on several interfaces, each with pins of its own (<see cref="RevisionPins"/>).
/// </remarks>
internal sealed class Revision : IDisposable
{
    private readonly LoadedDispatcher _dispatcher;

    private Revision(LoadedDispatcher dispatcher, ProgramInfo info, ImmutableArray<Occupant> occupants)
    {
        _dispatcher = dispatcher;
        Info = info;
        Occupants = occupants;
    }

    /// <summary>What the kernel says of the dispatcher.</summary>
    public ProgramInfo Info { get; }

    /// <summary>The dispatcher; borrowed.</summary>
    public ProgramFd Dispatcher => _dispatcher.Program;

    /// <summary>Version and policy, as in its config map.</summary>
    public DispatcherConfig Config => _dispatcher.Generated.Spec.ToConfig();

    /// <summary>Whether the dispatcher takes packets in several buffers.</summary>
    public bool HasFrags => _dispatcher.HasFrags;

    /// <summary>What is in each slot; borrowed.</summary>
    public ImmutableArray<Occupant> Occupants { get; }

    /// <summary>Whether it was put on a hook.</summary>
    public bool IsOnHook { get; set; }

    /// <summary>Loads the dispatcher of a plan and links every component into it.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="plan">A plan that does not empty the hook.</param>
    /// <param name="target">Interface of the hook.</param>
    /// <param name="programOf">The fd of each component in the plan; borrowed, for this call only.</param>
    /// <param name="spare">Taken if it is the dispatcher of the plan; null: there is none.</param>
    public static Revision Build(KernelPort kernel, ChainPlan plan, InterfaceReading target, Func<ProgramId, ProgramFd> programOf, SpareDispatcher? spare)
    {
        var occupants = ImmutableArray.CreateBuilder<Occupant>(plan.Components.Length);
        var spec = plan.ToSpec();
        var dispatcher = spare?.TakeFor(spec, target) ?? DispatcherLoader.LoadFor(kernel, spec, target);
        try
        {
            for (var slot = 0; slot < plan.Components.Length; slot++)
            {
                var id = plan.Components[slot].Id;
                occupants.Add(new Occupant(id, kernel.Bpf.AttachToFunction(programOf(id), dispatcher.Program, dispatcher.TargetTypeId(slot))));
            }

            return new Revision(dispatcher, kernel.Bpf.GetInfo(dispatcher.Program), occupants.MoveToImmutable());
        }
        catch
        {
            foreach (var occupant in occupants)
                occupant.Link.Dispose();
            dispatcher.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var occupant in Occupants)
            occupant.Link.Dispose();
        _dispatcher.Dispose();
    }

    /// <summary>A component in its slot.</summary>
    /// <param name="Program">Its id; who changes an interface holds it open.</param>
    /// <param name="Link">Owned by the revision.</param>
    internal readonly record struct Occupant(ProgramId Program, LinkFd Link);
}
