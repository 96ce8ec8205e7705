using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation.Checkers;

/// <summary>Success is reported when the change was made, failure when it was not, and the reason given is one that was there.</summary>
internal sealed class TrueAnswers : ICheck
{
    // With two faults the swap may be unclear: its answer is lost, and the look that should tell fails too.
    private const int FaultsThatBlind = 2;

    public void AtEnd(Stage stage)
    {
        foreach (var deed in stage.Ledger.Deeds.Where(deed => deed.IsOurs))
            Judge(deed);
    }

    private static void Judge(Deed deed)
    {
        if (deed.Outcome is InterfaceOutcomeKind.Undone or InterfaceOutcomeKind.NotUndone or InterfaceOutcomeKind.NotTried)
        {
            JudgePart(deed);
            return;
        }

        if (deed is { Outcome: InterfaceOutcomeKind.Changed, Batch.IsAllOrNone: true } && deed.Siblings.Any(other => other.Outcome == InterfaceOutcomeKind.Failed))
            throw new ViolationException($"'{deed.Intent}' stays changed although its batch failed");
        if (deed.Succeeded && deed.Changes.Count == 0 && !NeedsNoChange(deed))
            throw new ViolationException($"{deed.Strand.Name} reports '{deed.Intent}' as done and changed nothing");
        if (!deed.Failed)
            return;
        if (deed.Changes.Count > 0 && deed.Faults < FaultsThatBlind && !IsUndone(deed))
            throw new ViolationException($"{deed} although it was done: {deed.Changes[0].After}");
        if (!IsTrue(deed))
            throw new ViolationException($"the reason is not true: {deed}");
    }

    // A part of a batch that failed elsewhere.
    private static void JudgePart(Deed deed)
    {
        var isTrue = deed.Outcome switch
        {
            InterfaceOutcomeKind.NotTried => deed.Changes.Count == 0,
            InterfaceOutcomeKind.Undone => deed.Changes is [_, { PutsBack: true }] || IsUndone(deed),
            _ => deed.Faults > 0 || (deed.Changes.Count == 1 && deed.Seen.Exists(change => change.Interface == deed.Changes[0].Interface)),
        };
        if (!isTrue)
            throw new ViolationException($"'{deed.Intent}' of {deed.Strand.Name} is reported as {deed.Outcome} after {deed.Changes.Count} changes");
    }

    // The answer was lost, and when it looked somebody else's change had come on top.
    private static bool IsUndone(Deed deed) =>
        deed.Faults > 0 && deed.Seen.Exists(change => change.Interface == deed.Changes[^1].Interface && change.Before == deed.Changes[^1].After);

    private static bool NeedsNoChange(Deed deed) => deed.Intent switch
    {
        ConvertIntent convert => Held(deed).Any(content => content.Version == convert.Version),
        SetIntent set => Held(deed).Any(content => content.Items.Where(item => set.Concerns(item.Name)).All(item => item.Priority == set.Priority)),
        AttachAbsentIntent attach => Held(deed).Any(content => content.Items.Any(item => attach.Concerns(item.Name))),
        CleanIntent => true,
        // All of nothing is nothing to do.
        DetachIntent { Component: null } => Held(deed).Any(content => content.IsEmpty),
        // The answer was lost, and when it looked somebody else had emptied the hook: what was asked for is so.
        DetachIntent => deed.Faults > 0 && deed.Seen.Exists(change => change.After.IsEmpty),
        _ => false,
    };

    private static bool IsTrue(Deed deed) => deed.Error switch
    {
        ForeignProgramException => Held(deed).Any(content => content.IsForeign),
        BrokenChainException => Held(deed).Any(content => content.Bypassed > 0),
        ContentionException contention => contention.Attempts > 1 ? deed.Seen.Count > 0 || deed.Faults > 0 : true,
        NotFoundException => deed.Intent is not (AttachIntent or AttachAbsentIntent or CleanIntent or DetachIntent { Component: null }) && Held(deed).Any(content => content.IsEmpty || Meant(content, deed.Intent) == 0),
        KernelException => deed.Faults > 0,
        RefusedException when deed.Intent is ReplaceIntent => Held(deed).Any(content => Meant(content, deed.Intent) > 1),
        RefusedException => Held(deed).Any(content => content.Items.Length + content.Bypassed + deed.Intent.Adds.Length > DispatcherLimits.MaxSlots),
        _ => false,
    };

    private static int Meant(HookContent content, Intent intent) => content.Items.Count(item => intent.Concerns(item.Name));

    // Everything that its hook held at some time while it went on.
    private static IEnumerable<HookContent> Held(Deed deed) =>
        deed.Seen.Concat(deed.Changes).Where(change => change.Interface.Name == deed.Intent.Interface).SelectMany(change => new[] { change.Before, change.After })
            .Append(deed.Before[deed.Intent.Interface]);
}
