using System.Collections.Immutable;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>One thing that the simulated kernel knows, to be asked of it and of real kernels alike.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="NeedsExt">Whether the kernel must accept EXT programs.</param>
/// <param name="Check">Fails when the kernel does not keep the rule.</param>
internal sealed record ContractRule(string Name, bool NeedsExt, Action<ContractMachine> Check)
{
    /// <summary>One that docs/protocol.md states as well: what <c>[Rule]</c> is to a test.</summary>
    /// <param name="ids">Ids in the document, apart by spaces. Dispatcher.Tidy reads them from the source.</param>
    /// <param name="name">A sentence.</param>
    /// <param name="needsExt">Whether the kernel must accept EXT programs.</param>
    /// <param name="check">Fails when the kernel does not keep the rule.</param>
    public ContractRule(string ids, string name, bool needsExt, Action<ContractMachine> check)
        : this(name, needsExt, check) => Ids = [.. ids.Split(' ')];

    /// <summary>Rules of docs/protocol.md that it proves.</summary>
    public ImmutableArray<string> Ids { get; } = [];

    /// <summary>The first kernel that keeps it; null: every one does that runs a chain.</summary>
    public Version? Since { get; init; }

    /// <summary>
    /// Every rule. What cannot be asked of a real kernel, and why: that a killed process loses fds and locks (the process
    /// would be ours; Kernel.Tests/Port/LockTests asks it of another one), that ids are never used again (it cannot be
    /// waited for), mtime to the microsecond (clocks differ), an upper device in the way (needs a bond that supports
    /// XDP; read in net/core/dev.c).
    /// </summary>
    public static ImmutableArray<ContractRule> All { get; } =
        [.. HookContract.Rules, .. ObjectContract.Rules, .. PinContract.Rules, .. LockContract.Rules, .. ReplacementContract.Rules, .. BindingContract.Rules,
            .. NoticeContract.Rules];

    /// <summary>The rule of that name.</summary>
    public static ContractRule Named(string name) => All.Single(rule => rule.Name == name);
}
