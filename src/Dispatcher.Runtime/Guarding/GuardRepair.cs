using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Guarding;

/// <summary>Mends a chain that lost its pins, for a guard.</summary>
internal static class GuardRepair
{
    /// <summary>Why a broken chain is left alone. Null: it can be mended.</summary>
    /// <remarks>What runs although none of its pins is seen may be pinned in a BPF file system that is not seen from here, and is nothing to mend then.</remarks>
    public static string? Obstacle(HookStatus hook, BrokenChain broken) => broken switch
    {
        { MissingBpfFs: { } path } => $"there is no BPF file system at {Printable.Escape(path)}, so the pins of the chain are not seen{(broken.LostSlots.Any(lost => lost.IsAlive == false) ? $"; {broken}" : "")}; mount it: mount -t bpf bpf {Printable.Escape(path)}",
        { IsWithoutPins: true, IsDead: false } => $"the chain is broken: {broken}; {broken.AdviceFor(hook.InterfaceName)}",
        _ => null,
    };

    /// <summary>Mends it.</summary>
    /// <returns>What became of it, as a sentence without full stop; null: it is whole, by another process.</returns>
    /// <exception cref="DispatcherException">It cannot be mended.</exception>
    public static async Task<string?> RunAsync(XdpDispatcher dispatcher, string interfaceName, CancellationToken cancellationToken)
    {
        var result = await dispatcher.CleanAsync(new CleanOptions { InterfaceName = interfaceName, Repair = true }, cancellationToken).ConfigureAwait(false);
        return result.Chains switch
        {
            [{ Verdict: RepairVerdict.Repaired or RepairVerdict.Emptied, Lost: var lost }] => lost.IsEmpty
                ? "the chain had lost pins, and they are made again: nothing of it had stopped"
                : $"the chain had lost pins, and slot{(lost.Length == 1 ? "" : "s")} {string.Join(", ", lost.Select(slot => slot.Slot))} had died: packets passed there; it is mended, and what is guarded is attached again",
            [var left] => throw new RefusedException(left.Reason),
            _ => null,
        };
    }
}
