using Dispatcher.Compiler;
using Dispatcher.Runtime.Cleaning;
using Dispatcher.Runtime.DependencyInjection;
using Dispatcher.Runtime.Diagnostics;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dispatcher.Runtime;

/// <summary>Lets independent XDP programs share the hooks of this host. Safe to use from several threads.</summary>
public sealed partial class XdpDispatcher
{
    private readonly KernelPort _kernel;
    private readonly XdpDispatcherOptions _options;
    private readonly PinPaths _paths;
    private readonly ChainTransaction _transaction;
    private readonly ChainQuery _query;
    private readonly ChangeCarrier _carrier;
    private readonly ChangeRehearsal _rehearsal;
    private readonly BatchTransaction _batches;
    private readonly BatchRehearsal _batchRehearsal;
    private readonly ChainCleaner _cleaner;
    private readonly HolderQuery _holders;

    internal XdpDispatcher(KernelPort kernel, XdpDispatcherOptions options, ILogger logger)
    {
        var paths = new PinPaths(options.BpfFsPath);
        _kernel = kernel;
        logger = new SteadyLogger(logger);
        _options = options;
        _paths = paths;
        var known = new KnownPrograms();
        _transaction = new ChainTransaction(kernel, paths, options, logger, known);
        _query = new ChainQuery(kernel, paths, options, known);
        _holders = new HolderQuery(kernel, options);
        _carrier = new ChangeCarrier(kernel, _query, options);
        _batches = new BatchTransaction(kernel, _query, _carrier, _transaction, SayMore);
        _rehearsal = new ChangeRehearsal(_query);
        _batchRehearsal = new BatchRehearsal(kernel, _query, _carrier, _rehearsal, SayMore);
        _cleaner = new ChainCleaner(kernel, paths, options, logger, known);
    }

    /// <summary>Opens the host's chains.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="logger">Told of lost races and of what could not be tidied up; null: nobody is.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    /// <exception cref="NotFoundException">No such network namespace.</exception>
    public static XdpDispatcher Open(XdpDispatcherOptions? options = null, ILogger<XdpDispatcher>? logger = null)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("XDP is a part of Linux; only Dispatcher.Compiler works elsewhere.");
        options ??= new XdpDispatcherOptions();
        if (new XdpDispatcherOptionsValidator().Validate(null, options) is { Failed: true } refused)
            throw new ArgumentException(refused.FailureMessage, nameof(options));
        return new XdpDispatcher(LinuxKernel.Open(options.NetworkNamespace), options, logger ?? NullLogger<XdpDispatcher>.Instance);
    }

    /// <summary>Makes a change of one chain, in one step that nobody sees half done.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="request">What to change. The chain is so already: nothing is changed, and a note says so.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, nothing attached, no such component in the chain, or no BPF file system.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    /// <exception cref="RefusedException">The protocol or the kernel does not allow it; the methods for single changes say when.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    /// <exception cref="VerifierException">The kernel refused a component.</exception>
    /// <exception cref="UnsupportedKernelException">The kernel lacks something that it needs.</exception>
    public Task<ChangeResult> ApplyAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeThread.Run(() => Apply(interfaceName, request, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Says what a change would do to a chain as it is now, and fails as the change would. Components are verified by the kernel and let go
    /// again; nothing is pinned, and nothing on the interface changes.
    /// </summary>
    /// <inheritdoc cref="ApplyAsync"/>
    public Task<ChangePreview> PlanAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.Run(() => Plan(interfaceName, request, cancellationToken), cancellationToken);
    }

    /// <summary>Reads the hook of one interface; of a foreign program also what keeps it there.</summary>
    /// <exception cref="NotFoundException">No such interface.</exception>
    public Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken = default) =>
        Task.Run(
            () =>
            {
                var target = _query.FindInterface(interfaceName);
                var status = _query.ReadFresh(target, cancellationToken) ?? throw GoneInterface.Describe(_kernel, target);
                return status.Foreign is { } foreign
                    ? status with { Foreign = foreign with { Holder = _holders.Find(status.InterfaceName, foreign) } }
                    : status;
            },
            cancellationToken);

    /// <summary>Reads the hooks of all interfaces of the network namespace of the options, by ifindex.</summary>
    public Task<IReadOnlyList<HookStatus>> GetStatusAsync(CancellationToken cancellationToken = default) =>
        Task.Run<IReadOnlyList<HookStatus>>(() => _query.ReadAll(cancellationToken), cancellationToken);

    /// <summary>Removes pins that dead processes left, and mends chains that lost their pins when that is asked for.</summary>
    /// <param name="options">Null: everything dead is removed, nothing is mended.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; what was done stays done.</param>
    /// <exception cref="NotFoundException">No such interface.</exception>
    /// <exception cref="ContentionException">Somebody held the lock until the deadline.</exception>
    public Task<CleanResult> CleanAsync(CleanOptions? options = null, CancellationToken cancellationToken = default)
    {
        return ChangeThread.Run(() => Clean(options ?? new CleanOptions(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads a loaded program by id: what it is, its BTF, and its dispatcher config if it is a dispatcher.</summary>
    /// <exception cref="NotFoundException">No such program.</exception>
    public Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken = default) =>
        Task.Run(() => _query.Inspect(program), cancellationToken);

    internal ChangeResult Apply(string interfaceName, ChangeRequest request, CancellationToken cancellationToken) =>
        Apply(interfaceName, request, null, cancellationToken);

    private ChangeResult Apply(
        string interfaceName, ChangeRequest request, Action<ChangeResult>? whenDone, CancellationToken cancellationToken) =>
        ChangeTelemetry.Prepare(request.Operation, interfaceName, begins => SayingMore(() => _carrier.Carry(
            _query.FindInterface(interfaceName), request,
            (target, prepared) =>
            {
                prepared.FillMaps();
                begins();
                return prepared.AddNotesTo(_transaction.Run(target, prepared.Change, null, cancellationToken, whenDone));
            },
            cancellationToken)));

    internal ChangePreview Plan(string interfaceName, ChangeRequest request, CancellationToken cancellationToken) => SayingMore(() => _carrier.Carry(
        _query.FindInterface(interfaceName), request,
        (target, prepared) =>
        {
            using var revisions = new RevisionPool(_kernel);
            return prepared.AddNotesTo(_rehearsal.Run(target, prepared.Change, revisions, cancellationToken));
        },
        cancellationToken));

    internal CleanResult Clean(CleanOptions options, CancellationToken cancellationToken) => SayingMore(
        () => _cleaner.Run(options.InterfaceName is { } name ? _query.FindInterface(name) : null, options, cancellationToken));

    /// <inheritdoc cref="ChainCleaner.SweepGone"/>
    internal Task SweepGoneAsync(string interfaceName, int interfaceIndex, CancellationToken cancellationToken) =>
        ChangeThread.Run(() => _cleaner.SweepGone(interfaceName, interfaceIndex, cancellationToken), cancellationToken);

    // In the body of the catch, not in its filter: filters run before the lock and the fds of the attempt are let go.
    private T SayingMore<T>(Func<T> request)
    {
        try
        {
            return request();
        }
        catch (DispatcherException failure)
        {
            if (SayMore(failure) is var more && more != failure)
                throw more;
            throw;
        }
    }

    private DispatcherException SayMore(DispatcherException failure) => failure switch
    {
        ForeignProgramException foreign when _holders.Find(foreign.InterfaceName, foreign.Program) is { } holder =>
            new ForeignProgramException(foreign.InterfaceName, foreign.Program with { Holder = holder }),
        _ => failure,
    };
}
