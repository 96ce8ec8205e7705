using Dispatcher.Compiler.Model;
using Dispatcher.Simulation.Actors;
using Dispatcher.Simulation.Engine;

namespace Dispatcher.Simulation.Tests;

/// <summary>What libxdp does to its own users, found in its algorithm on the simulated kernel; docs/protocol.md lists it.</summary>
public sealed class DeviationTests
{
    private static readonly AttachIntent First = new("eth0", "first", 10);
    private static readonly AttachIntent Second = new("eth0", "second", 20);

    [Fact]
    public void A_first_attach_that_finds_the_hook_taken_fails() =>
        Fails([], stage => stage.Ledger.Deeds.Exists(deed => deed.Failed), Of(Part.Libxdp13, First), Of(Part.Libxdp13, Second));

    [Fact]
    public void A_chain_that_changes_while_it_is_read_is_refused_as_legacy() =>
        Fails([Scenario.Firewall], stage => stage.Ledger.Deeds.Exists(deed => deed.Failed), Of(Part.Libxdp13, First), Of(Part.Libxdp13, Second));

    [Fact]
    public void A_clean_up_between_pin_and_attach_leaves_a_chain_that_dies_with_its_loader() =>
        Breaks([], "WholeChain", Of(Part.Libxdp13, First), Of(Part.Libxdp13, new CleanIntent("eth0")));

    [Fact]
    public void Release_1_6_does_not_change_a_chain_of_version_2() =>
        Fails([Scenario.Firewall], stage => stage.Ledger.Deeds.TrueForAll(deed => deed.Failed), Of(Part.Libxdp16, First), Of(Part.Libxdp16, Second));

    [Fact]
    public void Release_1_3_does_not_read_a_chain_of_version_3() => Fails(
        [Scenario.Firewall], stage => stage.Ledger.Deeds.TrueForAll(deed => deed.Failed), DispatcherVersion.V3, Of(Part.Libxdp13, First), Of(Part.Libxdp13, Second));

    private static Role Of(Part part, Intent intent) => new($"{part} {intent}", part, [intent]);

    private static void Fails(string[] chain, Func<Stage, bool> shows, params Role[] cast) => Fails(chain, shows, DispatcherVersion.V2, cast);

    // Some schedule shows it; no checker minds, for nothing was promised.
    private static void Fails(string[] chain, Func<Stage, bool> shows, DispatcherVersion version, params Role[] cast)
    {
        using var crew = new Crew();
        var scenario = new Scenario("deviation", [.. chain], [.. cast]) { Version = version };
        var schedule = new Exhaustive(isSymmetric: false);
        do
        {
            var trace = new Trace();
            using var stage = Stage.Play(scenario, crew, schedule, 0, trace);
            if (!stage.Run.IsComplete || !shows(stage))
                continue;
            TestContext.Current.TestOutputHelper?.WriteLine(trace.Render(stage.Run.Strands) + string.Join('\n', stage.Ledger.Deeds));
            return;
        }
        while (schedule.Advance());
        Assert.Fail("No schedule shows it any more: correct docs/protocol.md.");
    }

    private static void Breaks(string[] chain, string checker, params Role[] cast)
    {
        using var crew = new Crew();
        var result = Explorer.Exhaust(new Scenario("deviation", [.. chain], [.. cast]), crew, mostDisturbances: 0);
        Assert.NotNull(result.Finding);
        Assert.Equal(checker, result.Finding.Checker);
        TestContext.Current.TestOutputHelper?.WriteLine(result.Finding.Tell(crew));
    }
}
