using Dispatcher.Compiler.Model;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>Eight of our processes and one of libxdp load and unload without pause on one hook.</summary>
public sealed class StormTests
{
    private const int Ours = 8;

    [ExtTheory]
    [InlineData("1.3")]
    [InlineData("1.6")]
    public async Task Nothing_is_lost_and_nothing_is_left_when_nine_processes_load_and_unload(string release)
    {
        Effort.IsForLongRuns();
        var peer = Peer.Of(release);
        using var stage = new Stage();
        var ours = Enumerable.Range(0, Ours).Select(_ => new OurActor(stage.BpfFsPath)).ToList();
        using var theirs = new LibxdpActor(peer, stage.BpfFsPath);
        try
        {
            var seed = Effort.Seed;
            var milliseconds = (int)Effort.Storm.TotalMilliseconds;
            foreach (var actor in ours)
                actor.Ask($"protocol {peer.Writes}").OrFail();
            theirs.WaitUntilReady();
            foreach (var actor in ours)
                actor.Say($"storm {stage.Interface} {milliseconds} {seed++} {ComponentObject.PathOf("counter")}");
            theirs.Say($"storm {stage.Interface} {milliseconds} {seed} {ComponentObject.PathOf("ids")}");
            var answers = ours.Select(actor => actor.Hear().OrFail()).ToList();
            var answer = theirs.Hear().OrFail();
            // All is quiet only now. What its process still has open would count as loaded.
            var theirLast = theirs.List(stage.Interface).OrFail().Programs.Select(program => program.Id).FirstOrDefault(id => id == answer.Number("left"));
            theirs.Dispose();
            await Judge(stage, peer, answers, answer, theirLast);
        }
        finally
        {
            foreach (var actor in ours)
                actor.Dispose();
        }
    }

    private static async Task Judge(Stage stage, Peer peer, IReadOnlyList<LineAnswer> ours, LineAnswer theirs, uint theirLast)
    {
        var (attempts, causes) = (new Histogram(), new Histogram());
        foreach (var answer in ours)
        {
            attempts.Add(answer.Value("attempts"));
            causes.Add(answer.Value("causes"));
        }

        Figures.Print($"storm of {Ours} against libxdp {peer.Release}, {Effort.Storm.TotalSeconds} s, seed {Effort.Seed}: "
            + $"{attempts.Total} changes of ours, {ours.Sum(answer => answer.Number("errors"))} errors; attempts per change {attempts}");
        Figures.Print($"    races lost by ours: {(causes.Total == 0 ? "none" : causes)}");
        Figures.Print($"    libxdp {peer.Release}: attached {theirs.Number("attached")}, detached {theirs.Number("detached")}, "
            + $"errno of attach {theirs.Value("attacherrors")}, of detach {theirs.Value("detacherrors")}");

        Assert.All(ours, answer => Assert.True(answer.Number("errors") == 0, answer.Text));
        Assert.All(ours, answer => Assert.Equal(0, answer.Number("notthere")));
        Assert.True(theirs.Number("left") == theirLast || theirs.Number("tried") == 1, $"libxdp attached {theirs.Number("left")} and did not touch it again, and it is gone");
        var expected = ours.Select(answer => (uint)answer.Number("left")).Append(theirLast).Where(id => id != 0).Order();
        var chain = (await stage.Status()).Chain;
        Assert.NotNull(chain);
        Assert.Equal(expected, chain.Programs.Select(program => program.Id.Value).Order());
        Assert.Equal((DispatcherVersion)peer.Writes, chain.Version);
        Assert.Equal([], await Census.Leftovers(stage));
        await Census.ProgramsBecome(chain.Programs.Length, "xdp_counter", "xdp_ids");
        await Census.ProgramsBecome(1, "xdp_dispatcher");
    }
}
