using System.Collections.Immutable;
using Dispatcher.Cli.Errors;
using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;

namespace Dispatcher.Cli.Hosting;

/// <summary>The machine this process runs on. Opens nothing until a verb asks.</summary>
/// <param name="networkNamespace">Where its interfaces are; null: in the namespace of this process.</param>
internal sealed partial class ChainHost(string? networkNamespace = null) : IChainHost
{
    // The view of this process's network namespace; /sys/class/net may be mounted for another one.
    private const string InterfaceTable = "/proc/self/net/dev";

    private XdpDispatcher? _dispatcher;

    /// <inheritdoc/>
    public IReadOnlyList<string> InterfaceNames
    {
        get
        {
            // The error of a request lists those of another namespace.
            if (networkNamespace is not null)
                return [];
            try
            {
                return [.. File.ReadLines(InterfaceTable)
                    .Where(line => line.Contains(':', StringComparison.Ordinal))
                    .Select(line => line[..line.LastIndexOf(':')].Trim())];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }

    /// <inheritdoc/>
    public string? NetworkNamespace => networkNamespace;

    /// <inheritdoc/>
    public bool IsRoot => Environment.IsPrivilegedProcess;

    private XdpDispatcher Dispatcher => _dispatcher ??= Open();

    /// <inheritdoc/>
    public IChainHost In(string networkNamespace) => new ChainHost(networkNamespace);

    /// <inheritdoc/>
    public ComponentProgram OpenComponent(string path, string? functionName, string? sectionName) =>
        ComponentProgram.FromElfFile(path, functionName, sectionName);

    /// <inheritdoc/>
    public Task<ChangeResult> ApplyAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken) =>
        Dispatcher.ApplyAsync(interfaceName, request, cancellationToken);

    /// <inheritdoc/>
    public Task<BatchResult> ApplyToAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, BatchOptions options, CancellationToken cancellationToken) =>
        Dispatcher.ApplyToAllAsync(interfaceNames, request, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindInterfacesAsync(string pattern, CancellationToken cancellationToken) =>
        await Dispatcher.FindInterfacesAsync(pattern, cancellationToken);

    /// <inheritdoc/>
    public Task<ChangePreview> PlanAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken) =>
        Dispatcher.PlanAsync(interfaceName, request, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<InterfacePlan>> PlanForAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, CancellationToken cancellationToken) =>
        Dispatcher.PlanForAllAsync(interfaceNames, request, cancellationToken);

    /// <inheritdoc/>
    public Task<CleanResult> CleanAsync(CleanOptions options, CancellationToken cancellationToken) =>
        Dispatcher.CleanAsync(options, cancellationToken);

    /// <inheritdoc/>
    public Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken) =>
        Dispatcher.GetStatusAsync(interfaceName, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HookStatus>> GetStatusAsync(CancellationToken cancellationToken) =>
        Dispatcher.GetStatusAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken) =>
        Dispatcher.InspectAsync(program, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DoctorFinding>> ExamineAsync(CancellationToken cancellationToken) =>
        HostDoctor.ExamineAsync(cancellationToken: cancellationToken);

    private XdpDispatcher Open()
    {
        var options = new XdpDispatcherOptions { NetworkNamespace = networkNamespace };
        if (!Path.IsPathRooted(options.BpfFsPath))
            throw new UsageException("LIBXDP_BPFFS is the absolute path of a BPF file system", $"leave it out: {XdpDispatcherOptions.UsualBpfFsPath} is what applications share");
        try
        {
            return XdpDispatcher.Open(options);
        }
        catch (ArgumentException) when (networkNamespace is not null)
        {
            throw new UsageException(
                $"--netns takes a name or an absolute path, not '{Printable.Escape(networkNamespace)}'", "'ip netns' lists the names");
        }
    }
}
