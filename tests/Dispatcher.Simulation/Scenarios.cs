using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation;

/// <summary>The scenarios that are explored in full: two processes with one request each.</summary>
internal static class Scenarios
{
    private const string Nic = "eth0";
    private const string Second = "eth1";

    private static readonly ImmutableArray<(string Word, Func<int, Intent> Make)> Requests =
    [
        ("attach", actor => new AttachIntent(Nic, actor == 0 ? "left" : "right", 15)),
        ("detach", _ => new DetachIntent(Nic, Scenario.Firewall)),
        ("empty", _ => new DetachIntent(Nic, null)),
        ("convert", _ => new ConvertIntent(Nic, DispatcherVersion.V3)),
        ("replace", _ => new ReplaceIntent(Nic, Scenario.Firewall)),
        ("clean", _ => new CleanIntent(Nic)),
    ];

    // Of a program that may be there: two at once end with one of its name.
    private static readonly (string Word, Func<int, Intent> Make) Once = ("attach if absent", _ => new AttachAbsentIntent(Nic, Scenario.Firewall, 15));

    private static readonly ImmutableArray<ImmutableArray<string>> Chains = [[], [Scenario.Firewall], [Scenario.Firewall, "ids"]];

    /// <summary>Ours against ours.</summary>
    public static IEnumerable<Scenario> Ours =>
        from chain in Chains
        let requests = RequestsFor(chain)
        from left in Enumerable.Range(0, requests.Length)
        from right in Enumerable.Range(left, requests.Length - left)
        select Pair(chain, requests[left], Part.Ours, requests[right], Part.Ours);

    /// <summary>Ours, where one or both attach what may be there already.</summary>
    public static IEnumerable<Scenario> Present =>
        from chain in Chains
        from other in RequestsFor(chain).Where(request => request.Word is "detach" or "replace").Prepend(Once)
        select Pair(chain, Once, Part.Ours, other, Part.Ours);

    /// <summary>Ours against libxdp and against a brute.</summary>
    public static IEnumerable<Scenario> Rivals => [Wiped, .. RivalPairs];

    // The chain goes, and its pins with it, while it is read.
    private static Scenario Wiped => new(
        "1: attach | Brute empty and clean", Chains[1],
        [new Role("left", Part.Ours, [new AttachIntent(Nic, "left", 15)]), new Role("right", Part.Brute, [new DetachIntent(Nic, null), new CleanIntent(Nic)])]);

    private static IEnumerable<Scenario> RivalPairs =>
        from chain in Chains
        from ours in RequestsFor(chain)
        from part in new[] { Part.Libxdp13, Part.Brute }
        from theirs in Requests
        where theirs.Word is "attach" or "empty" or "clean"
        select Pair(chain, ours, Part.Ours, theirs, part);

    /// <summary>Ours alone, for more faults than one.</summary>
    public static IEnumerable<Scenario> Alone =>
        from chain in Chains.Take(2)
        from request in RequestsFor(chain)
        select new Scenario($"{chain.Length}: {request.Word}", chain, [new Role("alone", Part.Ours, [request.Make(0)])]);

    /// <summary>One request on two interfaces, which share a dispatcher if they have a chain, beside another on one of them or on both.</summary>
    public static IEnumerable<Scenario> Batches =>
        from chain in Chains.Take(2)
        from ours in new (string Word, Intent Each)[] { ("attach", new AttachIntent(Nic, "left", 15)), ("detach", new DetachIntent(Nic, Scenario.Firewall)) }
        from other in new (string Word, Part Part, Intent Intent)[]
        {
            ("attach to the second", Part.Ours, new AttachIntent(Second, "right", 15)),
            ("empty the first", Part.Ours, new DetachIntent(Nic, null)),
            ("clean", Part.Ours, new CleanIntent(Nic)),
            ("attach to all", Part.Ours, BatchIntent.On(2, new AttachIntent(Nic, "right", 15), isAllOrNone: true)),
            ("libxdp attach to the second", Part.Libxdp13, new AttachIntent(Second, "right", 15)),
            ("brute empties the second", Part.Brute, new DetachIntent(Second, null)),
            ("brute takes the second", Part.Brute, new AttachIntent(Second, "brute", 15)),
        }
        // Half as many schedules as all the others together.
        where chain.IsEmpty || ours.Each is DetachIntent || other.Intent is not BatchIntent
        select new Scenario(
            $"{chain.Length} on two: {ours.Word} | {other.Word}", chain,
            [new Role("left", Part.Ours, [BatchIntent.On(2, ours.Each, isAllOrNone: true)]), new Role("right", other.Part, [other.Intent])])
        {
            Interfaces = 2,
            IsShared = true,
        };

    // Detaching all is detaching the firewall, unless there is something beside it.
    private static ImmutableArray<(string Word, Func<int, Intent> Make)> RequestsFor(ImmutableArray<string> chain) =>
        chain.Length > 1 ? Requests : Requests.RemoveAll(request => request.Word == "empty");

    private static Scenario Pair(
        ImmutableArray<string> chain, (string Word, Func<int, Intent> Make) left, Part leftPart, (string Word, Func<int, Intent> Make) right, Part rightPart) =>
        new(
            $"{chain.Length}: {left.Word} | {(rightPart == Part.Ours ? "" : rightPart + " ")}{right.Word}", chain,
            [new Role("left", leftPart, [left.Make(0)]), new Role("right", rightPart, [right.Make(1)])]);
}
