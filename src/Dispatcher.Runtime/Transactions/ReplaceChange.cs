using Dispatcher.Compiler;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Exchanges one component for a loaded one; borrowed, the caller disposes it.</summary>
internal sealed class ReplaceChange(LoadedComponent replacement, ProgramId old, ReplaceOptions options) : IChainChange
{
    /// <inheritdoc/>
    public string Operation => "replace";

    private readonly PlannedComponent _planned = replacement.ToPlanned();

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName) => current is null
        ? throw new NotFoundException($"No XDP program is attached to {Printable.Escape(interfaceName)}; there is nothing to replace.")
        : ChainPlanner.Replace(current, old, _planned, options);

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => replacement.Info.Id == id ? replacement.Program : null;
}

/// <summary>Gives components another policy.</summary>
internal sealed class SetPolicyChange(ComponentSelection selection, PolicyChange change) : IChainChange
{
    /// <inheritdoc/>
    public string Operation => "set-policy";

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName) => current is null
        ? throw new NotFoundException($"No XDP program is attached to {Printable.Escape(interfaceName)}; there is no policy to set.")
        : ChainPlanner.SetPolicy(current, selection, change);

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => null;
}
