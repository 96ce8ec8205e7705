using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime;

/// <summary>Lets independent XDP programs share the hooks of this host. Safe to use from several threads.</summary>
public sealed class XdpDispatcher
{
    private readonly KernelPort _kernel;
    private readonly XdpDispatcherOptions _options;

    internal XdpDispatcher(KernelPort kernel, XdpDispatcherOptions options)
    {
        _kernel = kernel;
        _options = options;
    }

    /// <summary>Opens the host's chains.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    public static XdpDispatcher Open(XdpDispatcherOptions? options = null) =>
        throw new NotSupportedException((options ?? new()).BpfFsPath);

    /// <summary>Attaches components to the chain of one interface, in one step that nobody sees half done.</summary>
    /// <param name="interfaceName">Interface in the caller's network namespace.</param>
    /// <param name="programs">1 to 10 components.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="RefusedException">An eleventh program, another mode, or a version that cannot express it.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    /// <exception cref="VerifierException">The kernel refused a component.</exception>
    public Task<ChangeResult> AttachAsync(
        string interfaceName, IReadOnlyList<ComponentProgram> programs, AttachOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{_kernel}{_options}{interfaceName}{programs}{options}{cancellationToken}");

    /// <summary>Detaches components from the chain of one interface, in one step.</summary>
    /// <param name="interfaceName">Interface in the caller's network namespace.</param>
    /// <param name="selection">Which components; all of them empties the hook.</param>
    /// <param name="cancellationToken">Stops waiting and retrying; a change that was made stays made.</param>
    /// <exception cref="NotFoundException">No such interface, nothing attached, or no such component in the chain.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="ContentionException">Others went on changing the hook until the deadline.</exception>
    public Task<ChangeResult> DetachAsync(string interfaceName, ComponentSelection selection, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{interfaceName}{selection}{cancellationToken}");

    /// <summary>Reads the hook of one interface.</summary>
    /// <exception cref="NotFoundException">No such interface.</exception>
    public Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{interfaceName}{cancellationToken}");

    /// <summary>Reads the hooks of all interfaces of the caller's network namespace, by ifindex.</summary>
    public Task<IReadOnlyList<HookStatus>> GetStatusAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{cancellationToken}");

    /// <summary>Reads a loaded program by id: what it is, its BTF, and its dispatcher config if it is a dispatcher.</summary>
    /// <exception cref="NotFoundException">No such program.</exception>
    public Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{program}{cancellationToken}");
}
