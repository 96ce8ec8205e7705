using Dispatcher.Runtime;

namespace Dispatcher.Cli.Tests;

/// <content>Changes of what runs already.</content>
internal sealed partial class RecordedHost
{
    /// <summary>Options of the last replace.</summary>
    public ReplaceOptions? ReplaceOptions { get; private set; }

    /// <summary>Policy of the last set.</summary>
    public PolicyChange? Policy { get; private set; }

    /// <inheritdoc/>
    public Task<ChangeResult> ReplaceAsync(
        string interfaceName, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions options, CancellationToken cancellationToken)
    {
        (Selection, ReplaceOptions, Loaded) = (selection, options, [replacement]);
        return Answer(Change);
    }

    /// <inheritdoc/>
    public Task<ChangeResult> SetPolicyAsync(string interfaceName, ComponentSelection selection, PolicyChange change, CancellationToken cancellationToken)
    {
        (Selection, Policy) = (selection, change);
        return Answer(Change);
    }
}
