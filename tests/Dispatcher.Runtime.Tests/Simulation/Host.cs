using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.SimulatedKernel;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>A process with the production code in it; each call runs to its end before the next.</summary>
internal sealed class Host : ILogger
{
    private readonly XdpDispatcher _dispatcher;
    private readonly List<string> _log = [];

    public Host(SimProcess process, XdpDispatcherOptions options)
    {
        Process = process;
        _dispatcher = new XdpDispatcher(process.Port, options, this);
    }

    public SimProcess Process { get; }

    /// <summary>The library, for its asynchronous methods.</summary>
    public XdpDispatcher Library => _dispatcher;

    /// <summary>Whether every line that is written throws.</summary>
    public bool LogFails { get; set; }

    /// <summary>What an operator would read.</summary>
    public IReadOnlyList<string> LogLines => _log;

    public ChangeResult Attach(params IReadOnlyList<ComponentProgram> programs) => Attach(programs, new AttachOptions());

    public ChangeResult Attach(IReadOnlyList<ComponentProgram> programs, AttachOptions options) =>
        _dispatcher.Apply(World.NicName, new AttachRequest(programs, options), CancellationToken.None);

    /// <summary>Attaches unless it is cancelled.</summary>
    public ChangeResult AttachUnless(CancellationToken cancellationToken, params IReadOnlyList<ComponentProgram> programs) =>
        _dispatcher.Apply(World.NicName, new AttachRequest(programs), cancellationToken);

    public ChangeResult Apply(ChangeRequest request) => _dispatcher.Apply(World.NicName, request, CancellationToken.None);

    public ChangePreview Plan(ChangeRequest request) => _dispatcher.PlanAsync(World.NicName, request).GetAwaiter().GetResult();

    public ChangeResult Detach(ComponentSelection selection) =>
        _dispatcher.DetachAsync(World.NicName, selection).GetAwaiter().GetResult();

    public ChangeResult Convert(DispatcherVersion version) =>
        _dispatcher.ConvertAsync(World.NicName, version).GetAwaiter().GetResult();

    public ChangeResult Replace(ComponentSelection selection, ComponentProgram replacement, ReplaceOptions? options = null) =>
        _dispatcher.ReplaceAsync(World.NicName, selection, replacement, options).GetAwaiter().GetResult();

    public ChangeResult SetPolicy(ComponentSelection selection, uint? priority = null, ChainCallActions? actions = null) =>
        _dispatcher.SetPolicyAsync(World.NicName, selection, new PolicyChange(priority, actions)).GetAwaiter().GetResult();

    public CleanResult Clean(bool repair = false, bool dryRun = false, string? interfaceName = null) =>
        _dispatcher.CleanAsync(new CleanOptions { Repair = repair, DryRun = dryRun, InterfaceName = interfaceName }).GetAwaiter().GetResult();

    public HookStatus Status() => _dispatcher.GetStatusAsync(World.NicName).GetAwaiter().GetResult();

    public IReadOnlyList<HookStatus> StatusOfAll() => _dispatcher.GetStatusAsync().GetAwaiter().GetResult();

    /// <summary>Watches one interface, or all of them.</summary>
    public Watcher Watch(string? interfaceName = World.NicName, TimeSpan? lookInterval = null) =>
        new(_dispatcher.WatchAsync(interfaceName, new WatchOptions { LookInterval = lookInterval ?? Timeout.InfiniteTimeSpan }, CancellationToken.None));

    /// <summary>Watches one interface until it is cancelled.</summary>
    public Watcher WatchUntil(CancellationToken cancellationToken) => new(_dispatcher.WatchAsync(World.NicName, null, cancellationToken));

    public ProgramInspection Inspect(ProgramId id) => _dispatcher.InspectAsync(id).GetAwaiter().GetResult();

    /// <summary>Names in the chain as the production code reads it.</summary>
    public ImmutableArray<string> Names() => [.. Status().Chain?.Programs.Select(program => program.Name) ?? []];

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Add(LogFails ? throw new InvalidOperationException("a logger that fails") : formatter(state, exception));

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
