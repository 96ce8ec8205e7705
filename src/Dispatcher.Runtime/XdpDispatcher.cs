using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Cleaning;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.DependencyInjection;
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
    private readonly ComponentVerifier _verifier;
    private readonly ChainTransaction _transaction;
    private readonly ChainQuery _query;
    private readonly ChainCleaner _cleaner;
    private readonly HolderQuery _holders;

    internal XdpDispatcher(KernelPort kernel, XdpDispatcherOptions options, ILogger logger)
    {
        var paths = new PinPaths(options.BpfFsPath);
        _kernel = kernel;
        _options = options;
        _paths = paths;
        _verifier = new ComponentVerifier(kernel);
        _transaction = new ChainTransaction(kernel, paths, options, logger);
        _query = new ChainQuery(kernel, paths, options);
        _cleaner = new ChainCleaner(kernel, paths, options, logger);
        _holders = new HolderQuery(kernel, options);
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

    /// <summary>Attaches components to the chain of one interface, in one step that nobody sees half done.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="programs">1 to 10 components.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, or no BPF file system.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="RefusedException">An eleventh program, another mode, a version that cannot express it, a mix of device-bound programs and others, a driver that has no program bound to it, or an MTU too large for a chain without frags.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    /// <exception cref="VerifierException">The kernel refused a component.</exception>
    /// <exception cref="UnsupportedKernelException">The kernel has no EXT programs, or binds none to devices.</exception>
    public Task<ChangeResult> AttachAsync(
        string interfaceName, IReadOnlyList<ComponentProgram> programs, AttachOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(programs);
        ArgumentOutOfRangeException.ThrowIfZero(programs.Count, nameof(programs));
        return Task.Run(() => Attach(interfaceName, programs, options ?? new AttachOptions(), cancellationToken), cancellationToken);
    }

    /// <summary>Detaches components from the chain of one interface, in one step.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="selection">Which components; all of them empties the hook.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, nothing attached, or no such component in the chain.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    public Task<ChangeResult> DetachAsync(string interfaceName, ComponentSelection selection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return Task.Run(() => Change(interfaceName, new DetachChange(selection), cancellationToken), cancellationToken);
    }

    /// <summary>Writes the chain of one interface in another protocol version, in one step: same programs, maps, order and policy.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="version">Version wanted. The chain has it already: nothing is changed, and a note says so.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, or nothing attached.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="RefusedException">The chain uses what that version cannot say: frags in version 1, device binding below 3.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    public Task<ChangeResult> ConvertAsync(string interfaceName, DispatcherVersion version, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(version))
            throw new ArgumentOutOfRangeException(nameof(version), version, "There are versions 1, 2 and 3.");
        return Task.Run(() => Change(interfaceName, new ConvertChange(version), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the hook of one interface; of a foreign program also what keeps it there.</summary>
    /// <exception cref="NotFoundException">No such interface.</exception>
    public Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken = default) =>
        Task.Run(
            () =>
            {
                var target = _query.FindInterface(interfaceName);
                var status = _query.Read(target, cancellationToken) ?? throw GoneInterface.Describe(_kernel, target);
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
        return Task.Run(() => Clean(options ?? new CleanOptions(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads a loaded program by id: what it is, its BTF, and its dispatcher config if it is a dispatcher.</summary>
    /// <exception cref="NotFoundException">No such program.</exception>
    public Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken = default) =>
        Task.Run(() => _query.Inspect(program), cancellationToken);

    internal ChangeResult Attach(
        string interfaceName, IReadOnlyList<ComponentProgram> programs, AttachOptions options, CancellationToken cancellationToken) =>
        NamingHolder(() => VerifyAndAttach(interfaceName, programs, options, cancellationToken));

    internal ChangeResult Change(string interfaceName, IChainChange change, CancellationToken cancellationToken) =>
        NamingHolder(() => _transaction.Run(_query.FindInterface(interfaceName), change, cancellationToken));

    internal CleanResult Clean(CleanOptions options, CancellationToken cancellationToken) => NamingHolder(
        () => _cleaner.Run(options.InterfaceName is { } name ? _query.FindInterface(name) : null, options, cancellationToken));

    // In the body of the catch, not in its filter: filters run before the lock and the fds of the attempt are let go.
    private T NamingHolder<T>(Func<T> request)
    {
        try
        {
            return request();
        }
        catch (ForeignProgramException foreign)
        {
            if (_holders.Find(foreign.InterfaceName, foreign.Program) is not { } holder)
                throw;
            throw new ForeignProgramException(foreign.InterfaceName, foreign.Program with { Holder = holder });
        }
    }

    private ChangeResult VerifyAndAttach(
        string interfaceName, IReadOnlyList<ComponentProgram> programs, AttachOptions options, CancellationToken cancellationToken)
    {
        var target = _query.FindInterface(interfaceName);
        _query.RefuseEarly(target, programs, options.Mode, cancellationToken);
        var loaded = _verifier.LoadAll(programs, options.MapPinFolder, target);
        try
        {
            return _transaction.Run(target, new AttachChange(loaded, options), cancellationToken);
        }
        finally
        {
            foreach (var component in loaded)
                component.Dispose();
        }
    }
}
