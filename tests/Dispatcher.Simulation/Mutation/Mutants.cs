using System.Collections.Immutable;

namespace Dispatcher.Simulation.Mutation;

/// <summary>The bugs. All of them stand in one build of the library, each switched off unless it is named.</summary>
internal static class Mutants
{
    private const string Attempt = "Transactions/ChangeAttempt.cs";
    private const string Swap = "            var outcome = kernel.Hook.Swap(reading.Index, replacement?.Revision.Dispatcher, expected, plan.Mode);\n";
    private const string Pin = "        if (!pins.TryPin(paths.DirectoryOf(reading.Index, revision.Info.Id)))\n";
    private const string PinLost = "            return AttemptOutcome.Lost($\"another process changed the pins of dispatcher {revision.Info.Id} while they were made\");\n";
    private const string RefuseRebuild = "            return Refused(reading, outcome);\n\n        pins.Keep();\n";

    public static ImmutableArray<Mutant> All { get; } =
    [
        new("the guard is dropped: whatever is on the hook is expected", new Edit(Attempt, Swap, """
            var there = IS ? kernel.Hook.Read(reading.Index)?.Attached ?? [] : [];
            using var any = there.IsEmpty ? null : kernel.Bpf.OpenProgram(there[0].ProgramId);
            if (IS)
                expected = any is null ? HookExpectation.Empty : HookExpectation.Holds(any);

            """ + Swap)),
        new("the old pins go before the swap", new Edit(Attempt, PinLost, PinLost + "        if (IS && current is not null)\n            Retire(current);\n")),
        new("the old pins stay", new Edit(Attempt, "        if (current is not null)\n            Retire(current);\n", "        if (current is not null && !IS)\n            Retire(current);\n")),
        new("the lock is let go before the change", new Edit(
            "Transactions/ChainTransaction.cs",
            "        return taken is null ?", "        if (IS)\n            taken?.Dispose();\n        return taken is null ?")),
        new("a lock that is taken is not waited for", new Edit(
            "Transactions/PinRoot.cs",
            "?? kernel.Files.WaitForLock(", "?? (IS ? new MemoryStream() : null) ?? kernel.Files.WaitForLock(")),
        new("a program that vanished is taken for foreign", new Edit(
            "State/HookReader.cs",
            "            return new HookReading.LostRace($\"program", "            return IS ? new HookReading.Foreign(reading, attached.Mode, new ForeignProgram(attached.ProgramId, \"\", \"gone\")) : new HookReading.LostRace($\"program")),
        new("pins that vanished are taken for broken", new Edit(
            "State/HookReader.cs",
            "            if (IsStillAttached(reading.Index, attached))", "            if (IS || IsStillAttached(reading.Index, attached))")),
        new("the last component is not linked again", new Edit(
            "Transactions/Revision.cs",
            "            for (var slot = 0; slot < plan.Components.Length; slot++)", "            for (var slot = 0; slot < plan.Components.Length - (IS && plan.Components.Length > 1 ? 1 : 0); slot++)"), new Edit(
            "Transactions/Revision.cs", "occupants.MoveToImmutable());", "occupants.ToImmutable());")),
        new("newcomers come last whatever their priority", new Edit(
            "Planning/ChainPlanner.cs",
            "        [.. components.OrderBy(component => component.OrderKey, SlotOrder.Instance)];", "        IS ? components : [.. components.OrderBy(component => component.OrderKey, SlotOrder.Instance)];")),
        new("a program that is present is attached again", new Edit(
            "Planning/ChainPlanner.Presence.cs",
            "        if (coming.Length == newcomers.Length)\n", "        if (IS || coming.Length == newcomers.Length)\n")),
        new("who stays gets the priority of a newcomer", new Edit(
            "State/ChainSnapshot.cs",
            "Info.LoadTimeNs, IsInChain: true, 0, Policy);", "Info.LoadTimeNs, IsInChain: true, 0, IS ? Policy with { Priority = 50 } : Policy);")),
        new("a lost swap is not undone", new Edit(
            "Transactions/RevisionPins.cs",
            "        if (!_kept && _directory is not null)", "        if (!_kept && _directory is not null && !IS)")),
        new("pins that are swept away while they are made are an error", new Edit(
            "Transactions/RevisionPins.cs", "catch (KernelException gone) when (gone.Errno == Errno.ENOENT)", "catch (KernelException gone) when (gone.Errno == Errno.ENOENT && !IS)")),
        new("a lost swap is reported as done", new Edit(
            Attempt,
            "        if (outcome.Result != SwapResult.Swapped)\n            return Refused(reading, outcome);\n\n        pins.Keep();\n",
            "        if (outcome.Result != SwapResult.Swapped && !IS)\n            return Refused(reading, outcome);\n\n        pins.Keep();\n")),
        new("a first attach that was lost is not tried again", new Edit(
            Attempt,
            "        var now = kernel.Hook.Read(reading.Index) ?? throw InterfaceIsGone();\n",
            "        var now = kernel.Hook.Read(reading.Index) ?? throw InterfaceIsGone();\n        if (IS && reading.Attached.IsEmpty)\n            throw new RefusedException(\"busy\");\n")),
        new("a lost answer is taken for a failure", new Edit(
            Attempt,
            "            if (HasHappened(reading, replacement, failure))", "            if (!IS && HasHappened(reading, replacement, failure))")),
        new("pins are taken back although the swap is unclear", new Edit(
            Attempt, "            replacement?.Keep();\n", "            if (!IS)\n                replacement?.Keep();\n")),
        new("pins that a clean-up took are not restored", new Edit(
            Attempt,
            "        AfterSwap(\"pinning what a clean-up took away\", pins.Restore);\n", "        if (!IS)\n            AfterSwap(\"pinning what a clean-up took away\", pins.Restore);\n")),
        new("the sweep does not ask who holds what", new Edit(
            "Cleaning/PinSweeper.cs",
            "        return picture.HolderOf(directory.Dispatcher, links) is { } holder\n", "        return !IS && picture.HolderOf(directory.Dispatcher, links) is { } holder\n")),
        new("the sweep does not look at hooks", new Edit(
            "Cleaning/PinSweeper.cs",
            "        foreach (var attachment in picture.AttachmentsOf(directory.Dispatcher))\n", "        foreach (var attachment in picture.AttachmentsOf(directory.Dispatcher).Where(_ => !IS))\n")),
        new("the sweep reads hooks before it reads holders", new Edit(
            "Cleaning/HostPicture.cs",
            "        var holders = host.ReadHolders();\n        return new HostPicture(holders, host.ReadNamespaces());\n",
            "        var early = IS ? host.ReadNamespaces() : null;\n        var holders = host.ReadHolders();\n        return new HostPicture(holders, early ?? host.ReadNamespaces());\n")),
        new("a change sweeps nothing and clean-ups neither", new Edit(
            "Cleaning/PinSweeper.cs", "        if (directories.IsEmpty)\n", "        if (directories.IsEmpty || IS)\n")),
        new("a chain that gets down to one component is emptied", new Edit(
            "Planning/ChainPlan.cs", "=> Components.IsEmpty", "=> Components.IsEmpty || (IS && Components.Length == 1 && !Changed.IsEmpty && !Changed.Contains(Components[0]))")),
        new("a conversion forgets what came while it waited", new Edit(
            "Planning/ChainPlanner.cs",
            "        var plan = new ChainPlan(version, current.Mode, current.Components, []);\n",
            "        var plan = new ChainPlan(version, current.Mode, IS ? [.. current.Components.Where(component => component.Policy.Priority != 15)] : current.Components, []);\n")),
        new("a foreign program is replaced", new Edit(
            Attempt,
            "        HookReading.Foreign foreign => throw new ForeignProgramException(foreign.Interface.Name, foreign.Program),\n",
            "        HookReading.Foreign foreign when IS && kernel.Bpf.OpenProgram(foreign.Program.Id) is { } it => AttemptOutcome.Lost(kernel.Hook.Swap(foreign.Interface.Index, null, HookExpectation.Holds(it), AttachMode.Unspecified).ToString()),\n"
            + "        HookReading.Foreign foreign => throw new ForeignProgramException(foreign.Interface.Name, foreign.Program),\n")),
        new("a change that was made is made again", new Edit(
            "Transactions/ChainTransaction.cs",
            "            if (outcome.Result is { } result)\n", "            if (outcome.Result is { } result && !IS)\n")),
        new("the swap comes before the pins", new Edit(Attempt, RefuseRebuild, RefuseRebuild + "        if (IS)\n            _ = pins.TryPin(paths.DirectoryOf(reading.Index, replaced));\n"), new Edit(
            Attempt, Pin, "        var replaced = revision.Info.Id;\n        if (!IS && !pins.TryPin(paths.DirectoryOf(reading.Index, replaced)))\n")),
        new("a dispatcher that was made beforehand is used for any chain", new Edit(
            "Transactions/SpareDispatcher.cs", "        if (_left is null || !wanted.Equals(spec) ||", "        if (_left is null || (!IS && !wanted.Equals(spec)) ||")),
        new("a batch that failed is not put back", new Edit(
            "Transactions/BatchTransaction.cs",
            "        foreach (var reversal in scope.Reversals.Reverse())\n", "        foreach (var reversal in IS ? [] : scope.Reversals.Reverse())\n")),
        new("what is put back is not pinned", new Edit("Transactions/ChangeReversal.cs", "        if (_old is not null)\n            PinnedDirectory.Complete", "        if (_old is not null && !IS)\n            PinnedDirectory.Complete")),
        new("what is put back displaces whatever is there", new Edit(
            "Transactions/ChangeReversal.cs",
            "        try\n        {\n            return kernel.Hook.Swap(",
            """
                    using var any = IS && kernel.Hook.Read(made.After.InterfaceIndex)?.Attached is [var there, ..] ? kernel.Bpf.OpenProgram(there.ProgramId) : null;
                    if (any is not null)
                        expected = HookExpectation.Holds(any);
                    try
                    {
                        return kernel.Hook.Swap(
            """)),
    ];
}
