using System.Collections.Immutable;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;

namespace Dispatcher.Cli.Hosting;

/// <summary>Everything the verbs ask of the machine. Tests answer in its place.</summary>
internal partial interface IChainHost
{
    /// <summary>Names of the interfaces in the network namespace; empty when they cannot be read.</summary>
    IReadOnlyList<string> InterfaceNames { get; }

    /// <summary>The same machine, its interfaces being those of another network namespace.</summary>
    /// <param name="networkNamespace">See <see cref="XdpDispatcherOptions.NetworkNamespace"/>.</param>
    IChainHost In(string networkNamespace);

    /// <summary>Network namespace that was named; null: that of this process.</summary>
    string? NetworkNamespace { get; }

    /// <summary>Whether this process is root.</summary>
    bool IsRoot { get; }

    /// <summary>See <see cref="ComponentProgram.FromElfFile"/>.</summary>
    ComponentProgram OpenComponent(string path, string? functionName, string? sectionName);

    /// <summary>See <see cref="XdpDispatcher.ApplyAsync"/>.</summary>
    Task<ChangeResult> ApplyAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.ApplyToAllAsync"/>.</summary>
    Task<BatchResult> ApplyToAllAsync(IReadOnlyList<string> interfaceNames, ChangeRequest request, BatchOptions options, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.FindInterfacesAsync"/>.</summary>
    Task<IReadOnlyList<string>> FindInterfacesAsync(string pattern, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.PlanAsync"/>.</summary>
    Task<ChangePreview> PlanAsync(string interfaceName, ChangeRequest request, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.PlanForAllAsync"/>.</summary>
    Task<ImmutableArray<InterfacePlan>> PlanForAllAsync(IReadOnlyList<string> interfaceNames, ChangeRequest request, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.CleanAsync"/>.</summary>
    Task<CleanResult> CleanAsync(CleanOptions options, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.GetStatusAsync(string, CancellationToken)"/>.</summary>
    Task<HookStatus> GetStatusAsync(string interfaceName, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.GetStatusAsync(CancellationToken)"/>.</summary>
    Task<IReadOnlyList<HookStatus>> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.InspectAsync"/>.</summary>
    Task<ProgramInspection> InspectAsync(ProgramId program, CancellationToken cancellationToken);

    /// <summary>See <see cref="HostDoctor.ExamineAsync"/>.</summary>
    Task<IReadOnlyList<DoctorFinding>> ExamineAsync(CancellationToken cancellationToken);
}
