using Dispatcher.Cli.Hosting;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A machine on which nothing is found.</summary>
internal sealed class RefusingHost : IChainHost
{
    private static readonly NotFoundException Refusal = new("Nothing is here.");

    public IReadOnlyList<string> InterfaceNames => ["lo", "eth0"];

    public bool IsRoot => true;

    public IChainHost In(string networkNamespace) => this;

    public ComponentProgram OpenComponent(string path, string? functionName, string? sectionName) => new("program", 1);

    public Task<ChangeResult> AttachAsync(string interfaceName, IReadOnlyList<ComponentProgram> programs, AttachOptions options, CancellationToken cancellationToken) => throw Refusal;

    public Task<ChangeResult> DetachAsync(string interfaceName, ComponentSelection selection, CancellationToken cancellationToken) => throw Refusal;

    public Task<CleanResult> CleanAsync(CleanOptions options, CancellationToken cancellationToken) => throw Refusal;

    public Task<ChangeResult> ConvertAsync(string interfaceName, DispatcherVersion version, CancellationToken cancellationToken) => throw Refusal;

    public Task<ChangeResult> ReplaceAsync(
        string interfaceName, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions options, CancellationToken cancellationToken) => throw Refusal;

    public Task<ChangeResult> SetPolicyAsync(string interfaceName, ComponentSelection selection, PolicyChange change, CancellationToken cancellationToken) => throw Refusal;

    public Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken) => throw Refusal;

    public Task<IReadOnlyList<HookStatus>> GetStatusAsync(CancellationToken cancellationToken) => throw Refusal;

    public Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken) => throw Refusal;

    public IAsyncEnumerable<ChainCounts> CountAsync(string interfaceName, TimeSpan interval, CancellationToken cancellationToken) => throw Refusal;

    public IAsyncEnumerable<TracedPackets> TraceAsync(string interfaceName, TraceOptions options, CancellationToken cancellationToken) => throw Refusal;

    public IAsyncEnumerable<ChainEvent> WatchAsync(string? interfaceName, WatchOptions options, CancellationToken cancellationToken) => throw Refusal;

    public Task<IChainCopy> CopyChainAsync(string interfaceName, CancellationToken cancellationToken) => throw Refusal;

    public Task<IReadOnlyList<DoctorFinding>> ExamineAsync(CancellationToken cancellationToken) => throw Refusal;
}
