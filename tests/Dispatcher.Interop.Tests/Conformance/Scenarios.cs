using Dispatcher.Testing;
using Dispatcher.Compiler.Model;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Runtime;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>The operations of the protocol, each on a chain of a given version.</summary>
internal static class Scenarios
{
    /// <summary>All of them, in the order of the columns.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("first attach", true, First),
        new("list", true, List),
        new("add", true, (stage, actor, version) => Add(stage, actor, version, ["firewall", "counter"], new AttachWish("ids"), "xdp_firewall xdp_ids xdp_counter")),
        new("add in front", false, (stage, actor, version) => Add(stage, actor, version, ["firewall", "ids"], new AttachWish("counter") { Priority = 1 }, "xdp_counter xdp_firewall xdp_ids")),
        new("1 to 2", false, (stage, actor, version) => Add(stage, actor, version, ["ids"], new AttachWish("firewall"), "xdp_firewall xdp_ids")),
        new("2 to 1", false, (stage, actor, version) => Remove(stage, actor, version, ["firewall", "ids"], [0], "xdp_ids")),
        new("remove", true, (stage, actor, version) => Remove(stage, actor, version, ["firewall", "ids", "counter"], [1], "xdp_firewall xdp_counter")),
        new("remove all", true, (stage, actor, version) => Remove(stage, actor, version, ["firewall", "ids"], [], "")),
        new("to ten", false, UpToTen),
        new("keep skb mode", false, KeepMode),
        new("keep frags", false, KeepFrags) { Since = DispatcherVersion.V2 },
    ];

    private static async Task<string> First(Stage stage, IActor actor, DispatcherVersion version)
    {
        (actor as OurActor)?.Ask($"protocol {(int)version}").OrFail();
        var answer = actor.Attach(stage.Interface, new AttachWish("firewall"));
        if (!answer.IsDone)
            return Scenario.Refusal(answer, [], await stage.OurList());
        var chain = (await stage.Status()).Chain;
        return chain?.Programs.Length == 1 ? chain.Version == version ? Scenario.Yes : $"makes {(int)chain.Version}" : "no chain";
    }

    private static async Task<string> List(Stage stage, IActor actor, DispatcherVersion version)
    {
        await stage.Load(version, "firewall", "ids", "counter");
        var answer = actor.List(stage.Interface);
        var ours = await stage.OurList();
        if (!answer.IsDone)
            return Scenario.Refusal(answer, ours, ours);
        return answer.Programs.SequenceEqual(ours!) ? Scenario.Yes : $"lists {answer.Programs.Count} of {ours!.Count}";
    }

    private static async Task<string> Add(
        Stage stage, IActor actor, DispatcherVersion version, string[] before, AttachWish wish, string expected)
    {
        await stage.Load(version, before);
        return await Change(stage, version, expected, () => actor.Attach(stage.Interface, wish));
    }

    private static async Task<string> Remove(
        Stage stage, IActor actor, DispatcherVersion version, string[] before, int[] places, string expected)
    {
        await stage.Load(version, before);
        var list = (await stage.OurList())!;
        return await Change(stage, version, expected, () => actor.Detach(stage.Interface, [.. places.Select(place => list[place].Id)]));
    }

    private static async Task<string> UpToTen(Stage stage, IActor actor, DispatcherVersion version)
    {
        await stage.Load(version, [.. Enumerable.Repeat("counter", DispatcherLimits.MaxSlots - 1)]);
        var expected = string.Join(' ', Enumerable.Repeat("xdp_counter", DispatcherLimits.MaxSlots));
        var outcome = await Change(stage, version, expected, () => actor.Attach(stage.Interface, new AttachWish("counter")));
        if (outcome != Scenario.Yes)
            return outcome;
        var full = await stage.OurList();
        var eleventh = actor.Attach(stage.Interface, new AttachWish("counter"));
        if (eleventh.IsDone)
            return "takes an eleventh";
        return full!.SequenceEqual((await stage.OurList())!) ? Scenario.Yes : "eleventh changes the chain";
    }

    private static async Task<string> KeepMode(Stage stage, IActor actor, DispatcherVersion version)
    {
        await stage.Load(new AttachOptions { Protocol = version, Mode = AttachMode.Skb }, "firewall");
        return await Change(stage, version, "xdp_firewall xdp_ids", () => actor.Attach(stage.Interface, new AttachWish("ids")));
    }

    private static async Task<string> KeepFrags(Stage stage, IActor actor, DispatcherVersion version)
    {
        await stage.Load(version, "frags");
        var outcome = await Change(stage, version, "xdp_frags xdp_frags", () => actor.Attach(stage.Interface, new AttachWish("frags")));
        if (outcome != Scenario.Yes)
            return outcome;
        var chain = (await stage.Status()).Chain!;
        return chain.HasFrags && chain.Programs.All(program => program.HasFrags) ? Scenario.Yes : "loses the bit";
    }

    /// <summary>Judges a change: names and order, version, mode, and that who stays keeps id, priority and actions.</summary>
    private static async Task<string> Change(Stage stage, DispatcherVersion version, string expected, Func<LineAnswer> change)
    {
        var (before, mode) = (await stage.OurList(), (await stage.Status()).Mode);
        var answer = change();
        var after = await stage.OurList();
        if (!answer.IsDone)
            return Scenario.Refusal(answer, before, after);
        var names = await stage.Names();
        if (names != expected)
            return $"is {names}";
        var status = await stage.Status();
        if (status.Chain is { } chain && chain.Version != version)
            return $"becomes v{(int)chain.Version}";
        if (status.Mode is { } modeAfter && modeAfter != mode)
            return $"changes mode to {modeAfter}";
        var stayed = before!.Where(program => after!.Any(each => each.Id == program.Id)).ToList();
        var staying = stayed.Count == Math.Min(before!.Count, after!.Count) && stayed.All(after.Contains);
        return staying ? Scenario.Yes : "loses what was there";
    }
}
