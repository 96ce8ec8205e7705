using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>A process of ours that dies in the middle of one change of several interfaces, which share a dispatcher, leaves each with a whole chain.</summary>
public sealed class SharedKillTests
{
    private const string Guest = "xdp_ids";

    [ExtFact]
    public async Task A_process_killed_before_any_system_call_of_a_change_of_several_interfaces_leaves_whole_chains()
    {
        Effort.IsForLongRuns();
        Need.Tool("strace");
        using var more = new VethPair();
        using var traffic = await GuardedTraffic.Start(more.Left.Name);
        var stage = traffic.Stage;
        string[] names = [stage.Interface, more.Left.Name];
        using var victims = new Victims(stage.BpfFsPath);
        var load = $"attach-all {string.Join(',', names)} - - {ComponentObject.PathOf("ids")}";
        var calls = CallsOf(victims, load);
        await Leave(stage, names);

        var (kills, none, some, all, left) = (0, 0, 0, 0, 0);
        for (var index = Effort.Seed % Effort.KillStride; index < calls.Count; index += Effort.KillStride)
        {
            using (var victim = victims.Take())
            using (SystemCalls.KillBefore(victim.ProcessId, calls[index]))
            {
                victim.Say(load);
                kills += victim.HearOrEnd() is null ? 1 : 0;
                victim.Kill();
            }

            var hooks = await Hooks(stage, names);
            var changed = hooks.Count(hook => IsChanged(hook, traffic.Firewall, $"killed before {calls[index]}"));
            (none, some, all) = (none + (changed == 0 ? 1 : 0), some + (changed is 1 ? 1 : 0), all + (changed == names.Length ? 1 : 0));
            left += Census.Leftovers(stage, hooks).Count == 0 ? 0 : 1;

            var passer = await stage.LoadOnAll(names, "counter");
            Assert.Equal([], Census.Leftovers(stage, await Hooks(stage, names)));
            await Detach(stage, names, passer.Interfaces[0].Result!.Programs.Single().Id);
            await Leave(stage, names);
        }

        Assert.NotEqual(0, kills);
        var sent = await traffic.StopAndJudge();
        Assert.Equal([], Census.Leftovers(stage, await Hooks(stage, names)));
        await Census.ProgramsBecome(1, "xdp_firewall", "xdp_ids", "xdp_counter");
        Figures.Print(
            $"killed before every {Effort.KillStride}. of {calls.Count} system calls of a load on {names.Length} interfaces that share a dispatcher: {kills} kills; "
            + $"changed then: none {none} times, one {some}, both {all}; {left} with leftovers, none with leftovers after the next change; "
            + $"{sent} packets to drop, none came through; {sent} to pass, none lost");
        await Detach(stage, [more.Left.Name], new ProgramId(traffic.Firewall));
    }

    // The chain is the old or the new one, whole.
    private static bool IsChanged(HookStatus hook, uint firewall, string where)
    {
        var programs = hook.Chain?.Programs ?? [];
        Assert.True(programs.Length is 1 or 2 && programs[0].Id.Value == firewall && programs.Skip(1).All(program => program.Name == Guest), $"{where}: {hook}");
        return programs.Length == 2;
    }

    private static IReadOnlyList<SystemCall> CallsOf(Victims victims, string command)
    {
        using var victim = victims.Take();
        return SystemCalls.List(victim.ProcessId, () => victim.Ask(command).OrFail());
    }

    private static async Task<IReadOnlyList<HookStatus>> Hooks(Stage stage, string[] names)
    {
        var hooks = new List<HookStatus>();
        foreach (var name in names)
            hooks.Add(await stage.Ours.GetStatusAsync(name, Stage.Cancellation));
        return hooks;
    }

    // The guests that the killed one brought, and one dispatcher for all again.
    private static async Task Leave(Stage stage, string[] names)
    {
        foreach (var hook in await Hooks(stage, names))
        {
            foreach (var guest in hook.Chain!.Programs.Where(program => program.Name == Guest))
                await stage.Ours.DetachAsync(hook.InterfaceName, ComponentSelection.ById(guest.Id), Stage.Cancellation);
        }

        await stage.LoadOnAll(names, "counter");
        await Detach(stage, names, (await stage.Status()).Chain!.Programs.Single(program => program.Name == "xdp_counter").Id);
    }

    private static async Task Detach(Stage stage, string[] names, ProgramId id)
    {
        var result = await stage.Ours.ApplyToAllAsync(names, new DetachRequest(ComponentSelection.ById(id)), cancellationToken: Stage.Cancellation);
        Assert.True(result.Succeeded, result.FirstFailure?.Message);
    }
}
