using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.State;

/// <summary>Answers questions about hooks and programs; changes nothing, and takes the lock only to be sure that a chain is broken.</summary>
internal sealed class ChainQuery(KernelPort kernel, PinPaths paths, XdpDispatcherOptions options, KnownPrograms known)
{
    private readonly HookReader _reader = new(kernel, paths, known);
    private readonly ComponentSearch _search = new(kernel, paths, known);
    private readonly KnownPrograms _known = known;

    /// <summary>Finds an interface by name.</summary>
    /// <exception cref="NotFoundException">There is none; the text names those there are.</exception>
    public InterfaceReading FindInterface(string interfaceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        return kernel.Hook.Read(interfaceName) ?? throw NoInterface(interfaceName);
    }

    private NotFoundException NoInterface(string name)
    {
        var elsewhere = GoneInterface.FindByName(kernel, name);
        return new NotFoundException(
            $"There is no interface '{Printable.Escape(name)}' in {DescribeNamespace()}; there are "
            + string.Join(", ", kernel.Hook.ReadAll().Take(20).Select(reading => Printable.Escape(reading.Name))) + "."
            + (name.AsSpan().ContainsAny('*', '?') ? $" {nameof(XdpDispatcher.FindInterfacesAsync)} finds those that a pattern means." : "")
            + (elsewhere is null ? "" : $" The network namespace {Printable.Escape(elsewhere)} has one of this name."))
        {
            MissingInterface = name,
            FoundInNamespace = elsewhere,
        };
    }

    /// <summary>Reads a hook until no race is lost. Null: the interface has gone.</summary>
    /// <param name="target">Which; it may have been found long ago.</param>
    /// <param name="cancellationToken">Looked at while waiting.</param>
    /// <exception cref="ContentionException">It went on changing until the deadline.</exception>
    public HookStatus? Read(InterfaceReading target, CancellationToken cancellationToken)
    {
        using var reading = ReadSettled(target, cancellationToken);
        return StatusOf(reading);
    }

    /// <summary>Opens the chain on a hook, with all its components. Null: nothing is attached. The caller disposes it.</summary>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    /// <exception cref="ContentionException">It went on changing until the deadline.</exception>
    public ChainSnapshot? ReadChain(InterfaceReading target, CancellationToken cancellationToken) => ChainOf(target, ReadSettled(target, cancellationToken));

    /// <summary>As <see cref="ReadChain"/>, of an interface that has just been found: its hook is not read again.</summary>
    public ChainSnapshot? ReadFreshChain(InterfaceReading target, CancellationToken cancellationToken) => ChainOf(target, SettleFresh(target, cancellationToken));

    /// <summary>What a change of the chain would start from, as far as it can be foreseen; null: nothing is attached. A chain that is known is not opened.</summary>
    /// <param name="target">An interface that has just been found: its hook is not read again.</param>
    /// <param name="cancellationToken">Looked at while waiting.</param>
    /// <inheritdoc cref="ReadChain"/>
    public PlannedFrom? Foresee(InterfaceReading target, CancellationToken cancellationToken)
    {
        if (target.Attached is [var attached, ..] && FindKnown(attached) is { } known)
            return known;
        using var chain = ReadFreshChain(target, cancellationToken);
        var planned = chain?.ToPlanned();
        if (planned is not null)
            _known.Remember(chain!.Info, planned);
        return planned;
    }

    private PlannedFrom? FindKnown(AttachedProgram attached)
    {
        using var dispatcher = kernel.Bpf.OpenProgram(attached.ProgramId);
        return dispatcher is not null && _known.ChainOf(kernel.Bpf.GetInfo(dispatcher)) is { } chain ? chain with { Mode = attached.Mode } : null;
    }

    private ChainSnapshot? ChainOf(InterfaceReading target, HookReading reading)
    {
        if (reading is HookReading.Chain chain)
            return chain.Snapshot;
        using (reading)
        {
            return reading switch
            {
                HookReading.Empty => null,
                HookReading.Foreign foreign => throw new ForeignProgramException(target.Name, foreign.Program),
                HookReading.Broken { Snapshot.MissingBpfFs: not null } => throw paths.PinsNotSeen(kernel, target.Name),
                HookReading.Broken broken => throw new BrokenChainException(target.Name, _search.Judge(broken.Snapshot)),
                _ => throw GoneInterface.Describe(kernel, target),
            };
        }
    }

    /// <summary>Reads the hooks of all interfaces.</summary>
    public List<HookStatus> ReadAll(CancellationToken cancellationToken)
    {
        var all = new List<HookStatus>();
        foreach (var target in kernel.Hook.ReadAll().OrderBy(reading => reading.Index))
        {
            if (ReadFresh(target, cancellationToken) is { } status)
                all.Add(status);
        }

        return all;
    }

    /// <summary>As <see cref="Read"/>, of an interface that has just been found: its hook is not read again.</summary>
    public HookStatus? ReadFresh(InterfaceReading target, CancellationToken cancellationToken)
    {
        using var reading = SettleFresh(target, cancellationToken);
        return StatusOf(reading);
    }

    /// <summary>Opens one component of an open chain, so that neither it nor its id can go away.</summary>
    /// <exception cref="NotFoundException">No such component in the chain.</exception>
    /// <exception cref="RefusedException">The selection means several.</exception>
    public static (ProgramFd Fd, ComponentStatus Program) OpenOne(KernelPort kernel, InterfaceReading target, ChainSnapshot chain, ComponentSelection selection)
    {
        var programs = chain.ToStatus().Programs;
        var chosen = programs.Where(selection.Means).ToList();
        if (chosen.Count == 0)
        {
            throw new NotFoundException(
                $"There is no program {selection} in the chain of {Printable.Escape(target.Name)}; it holds {string.Join(", ", programs.Select(Describe))}.");
        }

        if (chosen.Count > 1)
        {
            throw new RefusedException(
                $"{selection} means {chosen.Count} programs, and this takes one: {string.Join(", ", chosen.Select(Describe))}. Nothing was changed; choose by id.");
        }

        // The chain holds it open, so it is there.
        return (kernel.Bpf.OpenProgram(chosen[0].Id)!, chosen[0]);

        static string Describe(ComponentStatus program) => $"{program.Id} '{Printable.Escape(program.Name)}'";
    }

    /// <summary>Reads a loaded program by id.</summary>
    /// <exception cref="NotFoundException">No such program.</exception>
    public ProgramInspection Inspect(ProgramId id)
    {
        using var program = kernel.Bpf.OpenProgram(id)
            ?? throw new NotFoundException($"No program with id {id} is loaded; 'xdp-dispatch status' lists those in chains.");
        var info = kernel.Bpf.GetInfo(program);
        var bytes = ProgramBtf.ReadBytes(kernel.Bpf, info);
        DispatcherIdentity.Check(kernel.Bpf, info, out var config);
        var btf = ProgramBtf.TryRead(kernel.Bpf, info);
        return new ProgramInspection(
            id, TypeName(info.Type), FunctionNames.Expand(info.Name, btf), info.Tag, info.InstructionCount, bytes ?? [], MarkerOf(btf), config);
    }

    private HookStatus? StatusOf(HookReading reading) => reading switch
    {
        HookReading.Empty empty => new HookStatus(empty.Interface.Name, empty.Interface.Index, null, null, null),
        HookReading.Chain chain => new HookStatus(
            chain.Interface.Name, chain.Interface.Index, chain.Snapshot.Mode, chain.Snapshot.ToStatus(), null),
        HookReading.Broken broken => new HookStatus(
            broken.Interface.Name, broken.Interface.Index, broken.Snapshot.Mode, null, null)
        { Broken = _search.Judge(broken.Snapshot) },
        HookReading.Foreign foreign => new HookStatus(
            foreign.Interface.Name, foreign.Interface.Index, foreign.Mode, null, foreign.Program),
        _ => null,
    };

    private string DescribeNamespace() =>
        options.NetworkNamespace is { } network ? $"the network namespace '{Printable.Escape(network)}'" : "this network namespace";

    private HookReading SettleFresh(InterfaceReading target, CancellationToken cancellationToken)
    {
        var reading = _reader.Read(target);
        if (reading is HookReading.Empty or HookReading.Chain or HookReading.Foreign)
            return reading;
        reading.Dispose();
        return ReadSettled(target, cancellationToken);
    }

    private HookReading ReadSettled(InterfaceReading target, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(kernel.Pace, options.Deadline);
        var backoff = new Backoff(kernel.Pace, options.InitialBackoff, options.MaxBackoff);
        for (var attempt = 1; ; attempt++)
        {
            var reading = _reader.Read(target.Index);
            if (reading is HookReading.Broken broken)
                reading = Confirm(target, broken, deadline, cancellationToken);
            if (reading is not HookReading.LostRace lost)
                return reading;
            if (deadline.HasPassed)
                throw new ContentionException(target.Name, attempt, deadline.Elapsed, lost.Cause);
            deadline.Wait(backoff.Next(), cancellationToken);
        }
    }

    // Pins may be missing only until the process that has the lock has looked after its swap, and puts them back: whether a chain
    // is broken is told by a look under the lock, whoever asks.
    private HookReading Confirm(InterfaceReading target, HookReading.Broken broken, Deadline deadline, CancellationToken cancellationToken)
    {
        broken.Dispose();
        using var taken = LockOrNot(deadline, cancellationToken);
        return _reader.Read(target.Index);
    }

    // Where there is no folder nobody can put pins back, and who may not lock it, or waits in vain, is told what is seen.
    private IDisposable? LockOrNot(Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            return kernel.Files.TryLock(paths.Root) ?? kernel.Files.WaitForLock(paths.Root, deadline.Left, cancellationToken);
        }
        catch (KernelException)
        {
            return null;
        }
    }

    private static int? MarkerOf(BtfData? btf)
    {
        try
        {
            return btf is null ? null : DispatcherMarker.ReadVersion(btf);
        }
        catch (MalformedObjectException)
        {
            return null;
        }
    }

    private static string TypeName(ProgramType type) => type switch
    {
        ProgramType.Xdp => "xdp",
        ProgramType.Ext => "ext",
        _ => FormattableString.Invariant($"type {(uint)type}"),
    };
}
