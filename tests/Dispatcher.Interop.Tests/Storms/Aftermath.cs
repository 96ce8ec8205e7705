using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Runtime;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>What is looked at after each kill, and what all kills came to.</summary>
internal sealed class Aftermath(GuardedTraffic traffic)
{
    private const string Guest = "xdp_ids";

    private int _kills;
    private int _changed;
    private int _left;

    private Stage Stage => traffic.Stage;

    /// <summary>The command that brings the guest or takes it away.</summary>
    public static string CommandFor(Stage stage, uint guest) => guest == 0
        ? LineActor.AttachCommand(stage.Interface, new AttachWish("ids"))
        : LineActor.DetachCommand(stage.Interface, guest);

    /// <summary>Program id of the guest that comes and goes; 0 while it is not in the chain.</summary>
    public async Task<uint> FindGuest() => (await List()).FirstOrDefault(program => program.Name == Guest)?.Id ?? 0;

    /// <summary>The chain is the old or the new one, whole; one change after it leaves nothing over.</summary>
    /// <param name="guest">The guest before the command that was cut short.</param>
    /// <param name="where">For messages.</param>
    public async Task Judge(uint guest, string where)
    {
        _kills++;
        var list = await List();
        Assert.True(list.Count is 1 or 2 && list[0].Id == traffic.Firewall, $"{where}: the chain is {string.Join(' ', list.Select(each => each.Name))}");
        if (list.Count == 2)
            Assert.True(list[1].Name == Guest && (guest == 0 || list[1].Id == guest), $"{where}: the second is {list[1].Name}");
        _changed += list.Count == 2 == (guest == 0) ? 1 : 0;
        _left += (await Census.Leftovers(Stage)).Count == 0 ? 0 : 1;

        var passer = (await Stage.Load(null, "counter")).Programs.Single().Id;
        Assert.Equal([], await Census.Leftovers(Stage));
        await Stage.Ours.DetachAsync(Stage.Interface, ComponentSelection.ById(passer), Stage.Cancellation);
    }

    /// <summary>The last look: nothing is loaded but what is in the chain, and the packets fared as they should.</summary>
    public async Task<string> Close()
    {
        var list = await List();
        var sent = await traffic.StopAndJudge();
        await Census.ProgramsBecome(list.Count, "xdp_firewall", "xdp_ids", "xdp_counter");
        await Census.ProgramsBecome(1, "xdp_dispatcher");
        return $"{_kills} kills, {_changed} after the swap, {_left} with leftovers, none with leftovers after the next change; "
            + $"{sent} packets to drop, none came through; {sent} to pass, none lost";
    }

    private async Task<IReadOnlyList<ListedProgram>> List()
    {
        var list = await Stage.OurList();
        if (list is null)
            Assert.Fail($"The chain cannot be read: {await Stage.Status()}");
        return list;
    }
}
