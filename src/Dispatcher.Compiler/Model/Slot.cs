namespace Dispatcher.Compiler.Model;

/// <summary>One place in a dispatcher: when it runs, and after which verdicts the chain goes on.</summary>
/// <param name="Priority">Run priority; lower runs earlier.</param>
/// <param name="Actions">Verdicts after which the next slot runs.</param>
/// <param name="Flags">What the component in it supports.</param>
public sealed record Slot(uint Priority, ChainCallActions Actions, ProgramFlags Flags = ProgramFlags.None)
{
    /// <summary>Priority 50, continue on XDP_PASS, no flags.</summary>
    public static Slot Default { get; } = new(DispatcherLimits.DefaultPriority, ChainCallActions.Default);
}
