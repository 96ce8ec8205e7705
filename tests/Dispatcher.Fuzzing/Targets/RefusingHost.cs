using System.Collections.Immutable;
using Dispatcher.Cli.Hosting;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A machine on which nothing is found.</summary>
internal sealed class RefusingHost : IChainHost
{
    private static readonly NotFoundException Refusal = new("Nothing is here.");

    public IReadOnlyList<string> InterfaceNames => ["lo", "eth0"];

    public string? NetworkNamespace => null;

    public bool IsRoot => true;

    public IChainHost In(string networkNamespace) => this;

    public ComponentProgram OpenComponent(string path, string? functionName, string? sectionName) => new("program", 1);

    public Task<ChangeResult> ApplyAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken) => throw Refusal;

    public Task<BatchResult> ApplyToAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, BatchOptions options, CancellationToken cancellationToken) => throw Refusal;

    public Task<IReadOnlyList<string>> FindInterfacesAsync(string pattern, CancellationToken cancellationToken) => throw Refusal;

    public Task<ChangePreview> PlanAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken) => throw Refusal;

    public Task<ImmutableArray<InterfacePlan>> PlanForAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, CancellationToken cancellationToken) => throw Refusal;

    public Task<CleanResult> CleanAsync(CleanOptions options, CancellationToken cancellationToken) => throw Refusal;

    public Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken) => throw Refusal;

    public Task<IReadOnlyList<HookStatus>> GetStatusAsync(CancellationToken cancellationToken) => throw Refusal;

    public Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken) => throw Refusal;

    public IAsyncEnumerable<ChainCounts> CountAsync(string interfaceName, TimeSpan interval, CancellationToken cancellationToken) => throw Refusal;

    public IAsyncEnumerable<TracedPackets> TraceAsync(string interfaceName, TraceOptions options, CancellationToken cancellationToken) => throw Refusal;

    public IAsyncEnumerable<ChainEvent> WatchAsync(string? interfaceName, WatchOptions options, CancellationToken cancellationToken) => throw Refusal;

    public Task<IChainCopy> CopyChainAsync(string interfaceName, CancellationToken cancellationToken) => throw Refusal;

    public Task<IReadOnlyList<DoctorFinding>> ExamineAsync(CancellationToken cancellationToken) => throw Refusal;
}
