using Dispatcher.Compiler.Model;

namespace Dispatcher.Simulation.Checkers;

/// <summary>A packet that the firewall drops gets through at no moment, unless somebody asked for the firewall to go.</summary>
internal sealed class FirewallHolds : ICheck
{
    public void AtLook(Stage stage)
    {
        if (!stage.Scenario.Chain.Contains(Scenario.Firewall) || IsAskedToGo(stage))
            return;
        foreach (var found in stage.Kernel.Network.Interfaces)
        {
            if (stage.Ledger.Contents.TryGetValue(found, out var content) && content.IsForeign)
                continue;
            if (stage.Kernel.Receive(found, Scenario.BadPacket.AsSpan()).Verdict != (uint)XdpAction.Drop)
                throw new ViolationException($"a packet got past the firewall of {found.Name}");
        }
    }

    public void AtEnd(Stage stage) => AtLook(stage);

    private static bool IsAskedToGo(Stage stage) =>
        stage.Scenario.Cast.Any(role => role.Part == Part.Brute || role.Intents.Any(intent => intent.Removes(Scenario.Firewall)));
}
