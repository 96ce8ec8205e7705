using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Events of a watch in words.</summary>
internal static class EventText
{
    /// <summary>What happened, and how much it needs attention.</summary>
    public static (string Words, Ink Ink) Headline(ChainEventKind kind) => kind switch
    {
        ChainEventKind.Observed => ("is there", Ink.Plain),
        ChainEventKind.ChainStarted => ("chain started", Ink.Good),
        ChainEventKind.ChainChanged => ("chain changed", Ink.Good),
        ChainEventKind.ChainBroken => ("chain BROKEN", Ink.Bad),
        ChainEventKind.ChainMended => ("chain mended", Ink.Good),
        ChainEventKind.HookTaken => ("hook taken", Ink.Bad),
        ChainEventKind.HookEmptied => ("hook emptied", Ink.Doubtful),
        ChainEventKind.InterfaceAppeared => ("interface appeared", Ink.Good),
        ChainEventKind.InterfaceRenamed => ("interface renamed", Ink.Doubtful),
        ChainEventKind.InterfaceMoved => ("interface moved", Ink.Doubtful),
        _ => ("interface gone", Ink.Bad),
    };

    /// <summary>The rest of the line, with what stands in front of it; empty when the headline says it all.</summary>
    public static string Details(ChainEvent change)
    {
        var details = change.Kind switch
        {
            ChainEventKind.InterfaceRenamed => (IEnumerable<string>)[$"was {Printable.Escape(change.Before!.InterfaceName)}"],
            ChainEventKind.InterfaceMoved => [Describe(change.MovedTo!), .. PinsLeft(change)],
            ChainEventKind.InterfaceGone => Departures(change),
            ChainEventKind.HookEmptied or ChainEventKind.HookTaken => [.. Departures(change), .. State(change.After!)],
            ChainEventKind.ChainBroken => [.. State(change.After!, brokenWord: ""), .. Departures(change)],
            ChainEventKind.ChainChanged => [.. State(change.After!), .. Changes(change)],
            _ => State(change.After!),
        };
        var text = string.Join("; ", details);
        return text.Length == 0 ? "" : ": " + text;
    }

    /// <summary>What is known of who did it. Null: nothing, or nobody did anything.</summary>
    public static string? Origin(ChainEvent change)
    {
        if (!IsDeed(change.Kind))
            return null;
        var origin = change.Origin ?? new ChangeOrigin(null, null, null);
        List<string> known = [];
        known.Add(origin.LockHolder is { } holder ? $"at the lock then: process {holder}" : "by whom is not known");
        if (origin.UserId is { } user)
            known.Add(string.Create(CultureInfo.InvariantCulture, $"loaded by uid {user}"));
        if (origin.Flavour is { } flavour)
            known.Add(flavour == DispatcherFlavour.Generic ? "generic dispatcher" : "specialised dispatcher");
        return string.Join(", ", known);
    }

    // Whether somebody did it to a hook.
    private static bool IsDeed(ChainEventKind kind) =>
        kind is ChainEventKind.ChainStarted or ChainEventKind.ChainChanged or ChainEventKind.ChainMended
            or ChainEventKind.HookTaken or ChainEventKind.HookEmptied;

    private static string[] State(HookStatus hook, string brokenWord = "BROKEN: ")
    {
        var mode = ModeNames.Of(hook.Mode);
        if (hook.Chain is { } chain)
        {
            return
            [
                $"{mode}, dispatcher {chain.DispatcherId}, protocol {(int)chain.Version}",
                string.Join(", ", chain.Programs.Select(Name)),
            ];
        }

        if (hook.Broken is { } broken)
        {
            string[] lines = [$"{mode}, dispatcher {broken.DispatcherId}", brokenWord + StatusText.Loss(broken, hook.InterfaceName)];
            return broken.Programs.IsEmpty ? lines : [.. lines, $"what runs: {string.Join(", ", broken.Programs.Select(Name))}"];
        }

        if (hook.Foreign is not { } foreign)
            return ["no XDP program"];
        string[] held = [$"{mode}, held by {Name(foreign)}: {Printable.Escape(foreign.Reason)}"];
        return foreign.Holder is { } holder ? [.. held, $"it is {holder}"] : held;
    }

    private static IEnumerable<string> Departures(ChainEvent change)
    {
        if (change.Before?.Foreign is { } foreign)
            yield return $"{Name(foreign)} is off";
        if (!change.Left.IsEmpty)
            yield return $"off: {string.Join(", ", change.Left.Select(Name))}";
    }

    private static List<string> Changes(ChainEvent change)
    {
        var changes = ListChanges(change).ToList();
        return changes.Count == 0 ? ["the same programs in a new dispatcher"] : changes;
    }

    private static IEnumerable<string> ListChanges(ChainEvent change)
    {
        var (before, after) = (change.Before!, change.After!);
        if (!change.Joined.IsEmpty)
            yield return $"joined: {string.Join(", ", change.Joined.Select(Name))}";
        if (!change.Left.IsEmpty)
            yield return $"left: {string.Join(", ", change.Left.Select(Name))}";
        foreach (var altered in change.Altered)
        {
            if (altered.IsMoved)
                yield return $"{Name(altered.After)} in slot {altered.After.Slot}, was {altered.Before.Slot}";
            if (altered.Before.Priority != altered.After.Priority)
                yield return $"{Name(altered.After)} of priority {altered.After.Priority}, was {altered.Before.Priority}";
            if (altered.Before.Actions != altered.After.Actions)
                yield return $"{Name(altered.After)} {StatusText.Policy(altered.After.Actions)}, was: {StatusText.Policy(altered.Before.Actions)}";
        }

        if (before.Mode != after.Mode)
            yield return $"was {ModeNames.Of(before.Mode)}";
        if (before.Chain!.Version != after.Chain!.Version)
            yield return $"was protocol {(int)before.Chain.Version}";
    }

    private static string Describe(MovedInterface place)
    {
        var name = place.NamespaceName is { } known ? $"to the network namespace {Printable.Escape(known)}" : "to another network namespace";
        var number = place.NamespaceId is { } id ? string.Create(CultureInfo.InvariantCulture, $" (nsid {id})") : "";
        return place.InterfaceIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $"{name}{number}, ifindex {index} there") : name + number;
    }

    // Folders of pins are named by the index that an interface had when they were made.
    private static IEnumerable<string> PinsLeft(ChainEvent change)
    {
        if (change.Before?.Chain is not null && change.MovedTo is { InterfaceIndex: { } index } && index != change.InterfaceIndex)
            yield return string.Create(CultureInfo.InvariantCulture, $"the chain goes on, and is BROKEN there: its pins are those of ifindex {change.InterfaceIndex}");
    }

    private static string Name(ComponentStatus program) => $"{Printable.Escape(program.Name)} (id {program.Id})";

    private static string Name(ForeignProgram program) => $"program {program.Id} '{Printable.Escape(program.Name)}'";
}
