using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime;

/// <summary>A change of a chain that is asked for; the same request can be planned (<see cref="XdpDispatcher.PlanAsync"/>) and made (<see cref="XdpDispatcher.ApplyAsync"/>).</summary>
public abstract record ChangeRequest
{
    private protected ChangeRequest()
    {
    }

    /// <summary>What it does, of <see cref="ChangeOperations"/>.</summary>
    internal abstract string Operation { get; }

    /// <summary>Refuses what is refused anyway, before anything is verified.</summary>
    /// <returns>Interfaces with equal answers may share what is got ready for one of them.</returns>
    internal abstract uint Screen(ChangePreparation preparation, CancellationToken cancellationToken);

    /// <summary>Gets ready what needs no lock: what is refused anyway is refused here too, and newcomers are verified.</summary>
    internal abstract PreparedChange Prepare(ChangePreparation preparation, CancellationToken cancellationToken);
}

/// <summary>Components join.</summary>
public sealed record AttachRequest : ChangeRequest
{
    /// <summary>Names what is to join.</summary>
    /// <param name="programs">1 to 10 components.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">No program, or an option that has no such value.</exception>
    public AttachRequest(IReadOnlyList<ComponentProgram> programs, AttachOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(programs);
        if (programs.Count == 0)
            throw new ArgumentException("There is no program to attach; name at least one.", nameof(programs));
        Programs = [.. programs];
        Options = options ?? new AttachOptions();
        if (!Enum.IsDefined(Options.IfPresent))
            throw new ArgumentOutOfRangeException(nameof(options), Options.IfPresent, $"There is no {nameof(PresentProgram)} of this value.");
    }

    /// <summary>The components.</summary>
    public ImmutableArray<ComponentProgram> Programs { get; }

    /// <summary>How.</summary>
    public AttachOptions Options { get; }

    /// <inheritdoc/>
    internal override string Operation => ChangeOperations.Attach;

    /// <inheritdoc/>
    internal override uint Screen(ChangePreparation preparation, CancellationToken cancellationToken) => preparation.Screen(this, cancellationToken);

    /// <inheritdoc/>
    internal override PreparedChange Prepare(ChangePreparation preparation, CancellationToken cancellationToken) =>
        preparation.Attach(this, cancellationToken);
}

/// <summary>Components leave.</summary>
/// <param name="Selection">Which; all of them empties the hook.</param>
public sealed record DetachRequest(ComponentSelection Selection) : ChangeRequest
{
    /// <inheritdoc/>
    internal override string Operation => ChangeOperations.Detach;

    /// <inheritdoc/>
    internal override uint Screen(ChangePreparation preparation, CancellationToken cancellationToken) => preparation.Screen(new DetachChange(Selection), cancellationToken);

    /// <inheritdoc/>
    internal override PreparedChange Prepare(ChangePreparation preparation, CancellationToken cancellationToken) => new(new DetachChange(Selection));
}

/// <summary>One component is exchanged for another version of it.</summary>
public sealed record ReplaceRequest : ChangeRequest
{
    /// <summary>Names what comes and what goes.</summary>
    /// <param name="selection">The component, exactly one. By name: when another process replaces it at the same time, that one is replaced in turn.</param>
    /// <param name="replacement">The new version.</param>
    /// <param name="options">Null: the defaults.</param>
    public ReplaceRequest(ComponentSelection selection, ComponentProgram replacement, ReplaceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(replacement);
        Selection = selection;
        Replacement = replacement;
        Options = options ?? new ReplaceOptions();
    }

    /// <summary>The component that goes.</summary>
    public ComponentSelection Selection { get; }

    /// <summary>The component that comes.</summary>
    public ComponentProgram Replacement { get; }

    /// <summary>What is kept.</summary>
    public ReplaceOptions Options { get; }

    /// <inheritdoc/>
    internal override string Operation => ChangeOperations.Replace;

    /// <inheritdoc/>
    internal override uint Screen(ChangePreparation preparation, CancellationToken cancellationToken) => preparation.Screen(this, cancellationToken);

    /// <inheritdoc/>
    internal override PreparedChange Prepare(ChangePreparation preparation, CancellationToken cancellationToken) =>
        preparation.Replace(this, cancellationToken);
}

/// <summary>Components get another policy.</summary>
public sealed record SetPolicyRequest : ChangeRequest
{
    /// <summary>Names whose policy changes, and how.</summary>
    /// <param name="selection">Which components.</param>
    /// <param name="change">Their policy from now on.</param>
    /// <exception cref="ArgumentException">Neither priority nor actions are named.</exception>
    public SetPolicyRequest(ComponentSelection selection, PolicyChange change)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(change);
        if (change is { Priority: null, Actions: null })
            throw new ArgumentException("Name a priority, actions, or both.", nameof(change));
        Selection = selection;
        Change = change;
    }

    /// <summary>Which components.</summary>
    public ComponentSelection Selection { get; }

    /// <summary>Their policy from now on.</summary>
    public PolicyChange Change { get; }

    /// <inheritdoc/>
    internal override string Operation => ChangeOperations.SetPolicy;

    /// <inheritdoc/>
    internal override uint Screen(ChangePreparation preparation, CancellationToken cancellationToken) =>
        preparation.Screen(new SetPolicyChange(Selection, Change), cancellationToken);

    /// <inheritdoc/>
    internal override PreparedChange Prepare(ChangePreparation preparation, CancellationToken cancellationToken) =>
        new(new SetPolicyChange(Selection, Change));
}

/// <summary>The chain is written in another protocol version.</summary>
public sealed record ConvertRequest : ChangeRequest
{
    /// <summary>Names the version.</summary>
    /// <param name="version">1, 2 or 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another version.</exception>
    public ConvertRequest(DispatcherVersion version)
    {
        if (!Enum.IsDefined(version))
            throw new ArgumentOutOfRangeException(nameof(version), version, "There are versions 1, 2 and 3.");
        Version = version;
    }

    /// <summary>The version wanted.</summary>
    public DispatcherVersion Version { get; }

    /// <inheritdoc/>
    internal override string Operation => ChangeOperations.Convert;

    /// <inheritdoc/>
    internal override uint Screen(ChangePreparation preparation, CancellationToken cancellationToken) => preparation.Screen(new ConvertChange(Version), cancellationToken);

    /// <inheritdoc/>
    internal override PreparedChange Prepare(ChangePreparation preparation, CancellationToken cancellationToken) => new(new ConvertChange(Version));
}
