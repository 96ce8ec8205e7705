using System.Diagnostics;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>A component comes, moves, is exchanged and goes under as many packets as the cable carries: those that stay see every one.</summary>
public sealed class LossTests
{
    private const uint First = 10;
    private const uint Last = 90;
    private const uint BehindLast = 95;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    [ExtTheory]
    [InlineData(AttachMode.Native)]
    [InlineData(AttachMode.Skb)]
    public async Task Components_that_stay_see_every_packet_while_others_come_and_go(AttachMode mode)
    {
        // On two emulated processors the VM may end in an oops, as UpgradeTests says; eng/storm --cpus 1 keeps it away.
        Effort.IsForLongRuns();
        using var far = new NetNamespace();
        using var stage = new Stage(right: far);
        var counter = ComponentProgram.FromElfFile(ComponentObject.PathOf("counter"));
        var chain = await stage.Ours.AttachAsync(
            stage.Interface, [counter with { Priority = First }, counter with { Priority = Last }], new AttachOptions { Mode = mode }, Stage.Cancellation);
        using var before = await CounterOf(stage, chain.Programs[0].Id);
        using var behind = await CounterOf(stage, chain.Programs[1].Id);

        var clock = Stopwatch.StartNew();
        using var flood = new Flood(stage.Pair);
        var guest = default(ProgramId);
        for (var swap = 0; swap < Effort.Swaps; swap++)
            guest = await Change(stage, swap, guest);
        var (sent, drops) = flood.Stop();
        var seconds = clock.Elapsed.TotalSeconds;
        var seen = await WaitUntilQuiet(before);

        Figures.Print($"{Effort.Swaps} swaps under {sent / seconds:0} packets per second, {mode}, {seconds:0} s: {sent} sent, {drops.Sender} dropped "
            + $"for a full queue before the hook (counted there: {drops.Hook}, in backlogs: {drops.Backlog}), {seen} seen by the first and {Count(behind)} by the last component");
        Assert.NotEqual(0, seen);
        Assert.Equal(seen, Count(behind));
        // What the other end's queue does not take has not met the hook yet.
        Assert.Equal(sent - drops.Sender, seen);
    }

    private static async Task<ProgramId> Change(Stage stage, int swap, ProgramId guest)
    {
        var chosen = ComponentSelection.ById(guest);
        var change = (swap % 4) switch
        {
            0 => await stage.Load(null, "ids"),
            1 => await stage.Ours.SetPolicyAsync(stage.Interface, chosen, new PolicyChange(BehindLast), Stage.Cancellation),
            2 => await stage.Ours.ReplaceAsync(stage.Interface, chosen, ComponentProgram.FromElfFile(ComponentObject.PathOf("ids")), null, Stage.Cancellation),
            _ => await stage.Ours.DetachAsync(stage.Interface, chosen, Stage.Cancellation),
        };
        return change.Programs.Single().Id;
    }

    private static async Task<ProgramMap> CounterOf(Stage stage, ProgramId id)
    {
        using var attachment = await stage.Ours.FindAsync(stage.Interface, ComponentSelection.ById(id), Stage.Cancellation);
        return attachment!.OpenMap("counter");
    }

    private static async Task<long> WaitUntilQuiet(ProgramMap counter)
    {
        long seen;
        do
        {
            seen = Count(counter);
            await Task.Delay(Pause, Stage.Cancellation);
        }
        while (Count(counter) != seen);
        return seen;
    }

    private static long Count(ProgramMap counter)
    {
        Assert.True(counter.TryRead(0u, out Traffic traffic));
        return traffic.Packets;
    }

    /// <summary>struct xdp_traffic.</summary>
    private readonly record struct Traffic(long Packets, long Bytes);
}
