using Dispatcher.Simulation.Actors;
using Dispatcher.Simulation.Engine;

namespace Dispatcher.Simulation.Tests;

/// <summary>What the simulator found first, as scenarios that do not depend on how seeds are drawn.</summary>
public sealed class PinRaceTests
{
    /// <summary>Somebody removes the new directory while pins are being made in it; once that was an error to the user.</summary>
    [Fact]
    public void Pins_that_are_swept_away_while_they_are_made_are_a_lost_race()
    {
        using var crew = new Crew();
        var scenario = new Scenario("sweep while pinning", [Scenario.Firewall],
            [new Role("ours", Part.Ours, [new AttachIntent("eth0", "new", 15)]), new Role("brute", Part.Brute, [new CleanIntent("eth0")])]);

        var result = Explorer.Exhaust(scenario, crew, mostDisturbances: 0);

        Assert.True(result.Finding is null, result.Finding?.Tell(crew));
        Assert.InRange(result.Schedules, 10, 10_000);
    }
}
