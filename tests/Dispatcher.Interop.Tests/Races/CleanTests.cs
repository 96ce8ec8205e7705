using System.Diagnostics;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Races;

/// <summary><c>xdp-loader clean</c> in a loop beside our changes.</summary>
public sealed class CleanTests
{
    [ExtTheory]
    [InlineData("1.3")]
    [InlineData("1.6")]
    public async Task A_clean_up_in_a_loop_does_no_harm_to_our_changes(string release)
    {
        Effort.IsForLongRuns();
        var peer = Peer.Of(release);
        using var stage = new Stage();
        var kept = (await stage.Load(null, "firewall")).Programs.Single().Id;
        var cleanUps = 0;
        using (var loop = new CleanLoop(peer, stage.BpfFsPath))
        {
            for (var round = 0; round < 2 * Effort.Rounds; round++)
            {
                var guest = (await stage.Load(null, "counter")).Programs.Single().Id;
                Assert.Equal("xdp_firewall xdp_counter", await stage.Names());
                await stage.Ours.DetachAsync(stage.Interface, ComponentSelection.ById(guest), Stage.Cancellation);
                Assert.Equal([kept.Value], (await stage.OurList())!.Select(program => program.Id));
            }

            cleanUps = loop.Stop();
        }

        await stage.Clear();
        Assert.Equal(["xdp"], stage.Pins);
        Figures.Print($"xdp-loader {peer.Release} clean beside {4 * Effort.Rounds} changes of ours: {cleanUps} clean-ups, no harm");
    }

    /// <summary>libxdp looks for the interface in its own network namespace, so it takes the pins of a living chain for dead.</summary>
    [ExtTheory]
    [InlineData("1.3")]
    [InlineData("1.5")]
    [InlineData("1.6")]
    public async Task What_a_clean_up_from_another_network_namespace_destroys_is_said_and_mended(string release)
    {
        var peer = Peer.Of(release);
        using var elsewhere = new NetNamespace();
        using var stage = new Stage();
        await stage.Load(null, "firewall", "counter");

        using var actor = new LibxdpActor(peer, stage.BpfFsPath, place: elsewhere);
        actor.Ask("clean 0").OrFail();

        var status = await stage.Status();
        Figures.Print($"libxdp {peer.Release} cleans from another namespace: {(status.Broken is null ? "no harm" : $"{status.Broken.LostSlots.Length} components lost")}");
        if (status.Broken is not null)
        {
            await Assert.ThrowsAsync<BrokenChainException>(() => stage.Load(null, "ids"));
            var cleaned = await stage.Ours.CleanAsync(new CleanOptions { Repair = true }, Stage.Cancellation);
            var chain = Assert.Single(cleaned.Chains);
            Assert.Equal(chain.Programs.IsEmpty ? RepairVerdict.Emptied : RepairVerdict.Repaired, chain.Verdict);
        }

        var before = (await stage.OurList())!.Count;
        await stage.Load(null, "ids");
        Assert.Equal(before + 1, (await stage.OurList())!.Count);
        await stage.Clear();
        Assert.Equal(["xdp"], stage.Pins);
    }

    /// <summary>The loop, in a shell.</summary>
    private sealed class CleanLoop : IDisposable
    {
        private readonly Process _shell;

        public CleanLoop(Peer peer, string bpfFsPath)
        {
            var start = new ProcessStartInfo("bash", ["-c", "echo go; until read -t 0.01; do \"$0\" clean >/dev/null 2>&1; n=$((n + 1)); done; echo $n", peer.Command("xdp-loader")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            start.Environment["LIBXDP_BPFFS"] = bpfFsPath;
            _shell = Process.Start(start)!;
            Assert.Equal("go", _shell.StandardOutput.ReadLine());
        }

        /// <summary>Ends it; returns how often it went round.</summary>
        public int Stop()
        {
            _shell.StandardInput.WriteLine();
            return int.Parse(_shell.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        }

        public void Dispose()
        {
            _shell.Kill(entireProcessTree: true);
            _shell.WaitForExit();
            _shell.Dispose();
        }
    }
}
