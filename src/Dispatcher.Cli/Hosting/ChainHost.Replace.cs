using Dispatcher.Runtime;

namespace Dispatcher.Cli.Hosting;

/// <content>Changes of what runs already.</content>
internal sealed partial class ChainHost
{
    /// <inheritdoc/>
    public Task<ChangeResult> ReplaceAsync(
        string interfaceName, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions options, CancellationToken cancellationToken) =>
        Dispatcher.ReplaceAsync(interfaceName, selection, replacement, options, cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeResult> SetPolicyAsync(
        string interfaceName, ComponentSelection selection, PolicyChange change, CancellationToken cancellationToken) =>
        Dispatcher.SetPolicyAsync(interfaceName, selection, change, cancellationToken);
}
