using Dispatcher.Compiler;
using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Exchanges one component for a loaded one; borrowed, the caller disposes it.</summary>
/// <param name="verified">What comes: one.</param>
/// <param name="old">What goes.</param>
/// <param name="options">What is kept.</param>
internal sealed class ReplaceChange(VerifiedComponents verified, ProgramId old, ReplaceOptions options) : IChainChange
{
    /// <inheritdoc/>
    public string Operation => ChangeOperations.Replace;

    /// <inheritdoc/>
    public bool NeedsChain => true;

    private readonly PlannedComponent _planned = verified.Components[0].ToPlanned();

    /// <inheritdoc/>
    public SpareDispatcher Spare => verified.Spare;

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName) => current is null
        ? throw new NotFoundException($"No XDP program is attached to {Printable.Escape(interfaceName)}; there is nothing to replace.")
        : ChainPlanner.Replace(current, old, _planned, options);

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => verified.Components[0].Info.Id == id ? verified.Components[0].Program : null;
}

/// <summary>Gives components another policy.</summary>
internal sealed class SetPolicyChange(ComponentSelection selection, PolicyChange change) : IChainChange
{
    /// <inheritdoc/>
    public string Operation => ChangeOperations.SetPolicy;

    /// <inheritdoc/>
    public bool NeedsChain => true;

    /// <inheritdoc/>
    public ChainPlan Plan(PlannedFrom? current, string interfaceName) => current is null
        ? throw new NotFoundException($"No XDP program is attached to {Printable.Escape(interfaceName)}; there is no policy to set.")
        : ChainPlanner.SetPolicy(current, selection, change);

    /// <inheritdoc/>
    public ProgramFd? NewcomerOf(ProgramId id) => null;
}
