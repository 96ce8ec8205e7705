using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Cli.Hosting;

/// <summary>The machine this process runs on. Opens nothing until a verb asks.</summary>
internal sealed class ChainHost : IChainHost
{
    // The view of this process's network namespace; /sys/class/net may be mounted for another one.
    private const string InterfaceTable = "/proc/self/net/dev";

    private XdpDispatcher? _dispatcher;

    /// <inheritdoc/>
    public IReadOnlyList<string> InterfaceNames
    {
        get
        {
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
    public bool IsRoot => Environment.IsPrivilegedProcess;

    private XdpDispatcher Dispatcher => _dispatcher ??= XdpDispatcher.Open();

    /// <inheritdoc/>
    public ComponentProgram OpenComponent(string path, string? functionName, string? sectionName) =>
        ComponentProgram.FromElfFile(path, functionName, sectionName);

    /// <inheritdoc/>
    public Task<ChangeResult> AttachAsync(
        string interfaceName, IReadOnlyList<ComponentProgram> programs, AttachOptions options, CancellationToken cancellationToken) =>
        Dispatcher.AttachAsync(interfaceName, programs, options, cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeResult> DetachAsync(string interfaceName, ComponentSelection selection, CancellationToken cancellationToken) =>
        Dispatcher.DetachAsync(interfaceName, selection, cancellationToken);

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
}
