using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Planning;

namespace Dispatcher.Runtime.Tests.Planning;

/// <summary>Components and chains to plan with.</summary>
internal static class PlanSamples
{
    private static uint _lastId = 100;

    public static PlannedComponent Newcomer(
        string name, uint priority = 50, int instructions = 2, ulong tag = 1, ulong loadTimeNs = 1, ProgramFlags flags = ProgramFlags.None) =>
        new(new ProgramId(Interlocked.Increment(ref _lastId)), name, new ProgramTag(tag), loadTimeNs, false, instructions,
            new Slot(priority, ChainCallActions.Default, flags));

    public static PlannedComponent InChain(
        string name, uint priority = 50, ulong tag = 1, ulong loadTimeNs = 1, ProgramFlags flags = ProgramFlags.None) =>
        Newcomer(name, priority, 0, tag, loadTimeNs, flags) with { IsInChain = true };

    public static PlannedFrom Chain(params PlannedComponent[] components) => new(DispatcherVersion.V2, AttachMode.Native, [.. components]);
}
