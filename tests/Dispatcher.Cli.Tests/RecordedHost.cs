using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using Dispatcher.Cli.Hosting;
using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;

namespace Dispatcher.Cli.Tests;

/// <summary>A machine that gives recorded answers and remembers what it was asked. Shows rendering, messages and exit codes only.</summary>
internal sealed partial class RecordedHost : IChainHost
{
    /// <summary>Thrown by every request when set.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Answer to status.</summary>
    public IReadOnlyList<HookStatus> Hooks { get; init; } = [];

    /// <summary>Answer to every change.</summary>
    public ChangeResult? Change { get; init; }

    /// <summary>Answer to every change of several interfaces.</summary>
    public BatchResult? Batch { get; init; }

    /// <summary>Interfaces of the last change of several.</summary>
    public IReadOnlyList<string> BatchNames { get; private set; } = [];

    /// <summary>Options of the last change of several.</summary>
    public BatchOptions? BatchOptions { get; private set; }

    /// <summary>Answer to every dry run.</summary>
    public ChangePreview? Preview { get; init; }

    /// <summary>Answer to clean.</summary>
    public CleanResult? Cleaned { get; init; }

    /// <summary>Answer to inspect.</summary>
    public ProgramInspection? Program { get; init; }

    /// <summary>Answer to doctor.</summary>
    public IReadOnlyList<DoctorFinding> Findings { get; init; } = [];

    /// <summary>Object, function and section of every component opened.</summary>
    public List<(string Path, string? Function, string? Section)> Opened { get; } = [];

    /// <summary>The last change that was asked for.</summary>
    public ChangeRequest? Request { get; private set; }

    /// <summary>The same, of a kind that a test expects.</summary>
    public T Asked<T>()
        where T : ChangeRequest => Assert.IsType<T>(Request);

    /// <summary>Options of the last clean.</summary>
    public CleanOptions? CleanOptions { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> InterfaceNames { get; init; } = ["lo", "eth0", "eth1"];

    /// <summary>The network namespace of the last request; null: none was named.</summary>
    public string? NetworkNamespace { get; private set; }

    /// <inheritdoc/>
    public bool IsRoot { get; init; } = true;

    /// <inheritdoc/>
    public IChainHost In(string networkNamespace)
    {
        NetworkNamespace = networkNamespace;
        return this;
    }

    /// <inheritdoc/>
    public ComponentProgram OpenComponent(string path, string? functionName, string? sectionName)
    {
        Opened.Add((path, functionName, sectionName));
        return (ComponentProgram)RuntimeHelpers.GetUninitializedObject(typeof(ComponentProgram));
    }

    /// <inheritdoc/>
    public Task<ChangeResult> ApplyAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        return Answer(Change);
    }

    /// <inheritdoc/>
    public Task<BatchResult> ApplyToAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, BatchOptions options, CancellationToken cancellationToken)
    {
        (BatchNames, Request, BatchOptions) = (interfaceNames, request, options);
        return Answer(Batch);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindInterfacesAsync(string pattern, CancellationToken cancellationToken) => Answer<IReadOnlyList<string>>(
        [.. InterfaceNames.Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))]);

    /// <inheritdoc/>
    public Task<ChangePreview> PlanAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        return Answer(Preview);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<InterfacePlan>> PlanForAllAsync(
        IReadOnlyList<string> interfaceNames, ChangeRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        return Task.FromResult<ImmutableArray<InterfacePlan>>(
            [.. interfaceNames.Select(name => new InterfacePlan(name) { Preview = Failure is null ? Preview : null, Refusal = Failure as DispatcherException })]);
    }

    /// <inheritdoc/>
    public Task<CleanResult> CleanAsync(CleanOptions options, CancellationToken cancellationToken)
    {
        CleanOptions = options;
        return Answer(Cleaned);
    }

    /// <inheritdoc/>
    public Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken) =>
        Failure is null && Hooks.Count > 0 && Hooks.All(h => h.InterfaceName != interfaceName)
            ? Task.FromException<HookStatus>(new NotFoundException($"There is no interface '{interfaceName}'.") { MissingInterface = interfaceName })
            : Answer(Hooks.FirstOrDefault(h => h.InterfaceName == interfaceName));

    /// <inheritdoc/>
    public Task<IReadOnlyList<HookStatus>> GetStatusAsync(CancellationToken cancellationToken) => Answer<IReadOnlyList<HookStatus>>(Hooks);

    /// <inheritdoc/>
    public Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken) => Answer(Program);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DoctorFinding>> ExamineAsync(CancellationToken cancellationToken) => Answer(Findings);

    /// <summary>Readings of stats, without a pause between them; after the last one it waits to be cancelled.</summary>
    public IReadOnlyList<ChainCounts> Readings { get; init; } = [];

    /// <summary>Interval of the last stats.</summary>
    public TimeSpan? Interval { get; private set; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChainCounts> CountAsync(
        string interfaceName, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interval = interval;
        foreach (var reading in await Answer(Readings))
            yield return reading;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>Readings of trace; after the last one it waits to be cancelled.</summary>
    public IReadOnlyList<TracedPackets> Packets { get; init; } = [];

    /// <summary>Options of the last trace.</summary>
    public TraceOptions? TraceOptions { get; private set; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TracedPackets> TraceAsync(
        string interfaceName, TraceOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TraceOptions = options;
        foreach (var reading in await Answer(Packets))
            yield return reading;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>Answer to explain.</summary>
    public IChainCopy? Copy { get; init; }

    /// <inheritdoc/>
    public Task<IChainCopy> CopyChainAsync(string interfaceName, CancellationToken cancellationToken) => Answer(Copy);

    private Task<T> Answer<T>(T? answer) =>
        Failure is null ? Task.FromResult(answer ?? throw new InvalidOperationException("No answer was recorded.")) : Task.FromException<T>(Failure);
}
