using Dispatcher.Runtime;

namespace Dispatcher.Cli.Hosting;

/// <content>Changes of what runs already.</content>
internal partial interface IChainHost
{
    /// <summary>See <see cref="XdpDispatcher.ReplaceAsync"/>.</summary>
    Task<ChangeResult> ReplaceAsync(
        string interfaceName, ComponentSelection selection, ComponentProgram replacement, ReplaceOptions options, CancellationToken cancellationToken);

    /// <summary>See <see cref="XdpDispatcher.SetPolicyAsync"/>.</summary>
    Task<ChangeResult> SetPolicyAsync(string interfaceName, ComponentSelection selection, PolicyChange change, CancellationToken cancellationToken);
}
