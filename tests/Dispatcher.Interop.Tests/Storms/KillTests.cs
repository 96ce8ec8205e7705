using System.Diagnostics;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>A process of ours that dies in the middle of a change leaves a whole chain, and packets never notice.</summary>
public sealed class KillTests
{
    [ExtFact]
    public async Task A_process_killed_at_a_random_moment_leaves_a_whole_chain()
    {
        Effort.IsForLongRuns();
        using var traffic = await GuardedTraffic.Start();
        using var victims = new Victims(traffic.Stage.BpfFsPath);
        var aftermath = new Aftermath(traffic);
        var random = new Random(Effort.Seed);
        var span = TimeOfOne(traffic, victims);
        for (var kill = 0; kill < Effort.Kills; kill++)
        {
            var guest = await aftermath.FindGuest();
            using var victim = victims.Take();
            victim.Say(Aftermath.CommandFor(traffic.Stage, guest));
            Thread.Sleep(random.Next((int)span.TotalMilliseconds + 1));
            victim.Kill();
            await aftermath.Judge(guest, $"kill {kill}, seed {Effort.Seed}");
        }

        Figures.Print($"killed at random within {span.TotalMilliseconds:0} ms, seed {Effort.Seed}: {await aftermath.Close()}");
    }

    [ExtFact]
    public async Task A_process_killed_before_any_system_call_of_a_load_leaves_a_whole_chain()
    {
        Effort.IsForLongRuns();
        Need.Tool("strace");
        using var traffic = await GuardedTraffic.Start();
        using var victims = new Victims(traffic.Stage.BpfFsPath);
        var aftermath = new Aftermath(traffic);
        var calls = CallsOfALoad(traffic, victims);
        await Leave(traffic, await aftermath.FindGuest());
        var reached = 0;
        for (var index = Effort.Seed % Effort.KillStride; index < calls.Count; index += Effort.KillStride)
        {
            using var victim = victims.Take();
            using (SystemCalls.KillBefore(victim.ProcessId, calls[index]))
            {
                victim.Say(Aftermath.CommandFor(traffic.Stage, 0));
                reached += victim.HearOrEnd() is null ? 1 : 0;
                victim.Kill();
            }

            await aftermath.Judge(0, $"killed before {calls[index]}");
            await Leave(traffic, await aftermath.FindGuest());
        }

        Assert.NotEqual(0, reached);
        Figures.Print($"killed before every {Effort.KillStride}. of {calls.Count} system calls of a load, {reached} reached: {await aftermath.Close()}");
    }

    private static TimeSpan TimeOfOne(GuardedTraffic traffic, Victims victims)
    {
        using var victim = victims.Take();
        var clock = Stopwatch.StartNew();
        victim.Ask(Aftermath.CommandFor(traffic.Stage, 0)).OrFail();
        return clock.Elapsed;
    }

    private static IReadOnlyList<SystemCall> CallsOfALoad(GuardedTraffic traffic, Victims victims)
    {
        using var victim = victims.Take();
        return SystemCalls.List(victim.ProcessId, () => victim.Ask(Aftermath.CommandFor(traffic.Stage, 0)).OrFail());
    }

    private static async Task Leave(GuardedTraffic traffic, uint guest)
    {
        if (guest != 0)
            await traffic.Stage.Ours.DetachAsync(traffic.Stage.Interface, ComponentSelection.ById(new ProgramId(guest)), Stage.Cancellation);
    }
}
