namespace Dispatcher.Simulation.Checkers;

/// <summary>Whenever a packet comes, it meets every component of the chain: no slot is dead.</summary>
internal sealed class WholeChain : ICheck
{
    private static readonly byte[] Packet = new byte[64];

    public void AtLook(Stage stage)
    {
        foreach (var found in stage.Kernel.Network.Interfaces)
        {
            if (found.Occupant is null)
                continue;
            var run = stage.Kernel.Receive(found, Packet);
            if (run.BypassedSlots > 0)
                throw new ViolationException($"a packet on {found.Name} met {string.Join(' ', run.Names)} and {run.BypassedSlots} dead slots");
        }
    }

    public void AtEnd(Stage stage) => AtLook(stage);
}
