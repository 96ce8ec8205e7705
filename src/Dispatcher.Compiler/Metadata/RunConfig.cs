using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Metadata;

/// <summary>What a component says about its place in a chain.</summary>
/// <param name="Priority">Run priority; lower runs earlier.</param>
/// <param name="Actions">Verdicts after which the chain goes on.</param>
public sealed record RunConfig(uint Priority, ChainCallActions Actions)
{
    /// <summary>What a component gets that says nothing: priority 50, continue on XDP_PASS.</summary>
    public static RunConfig Default { get; } = new(DispatcherLimits.DefaultPriority, ChainCallActions.Default);
}
