using System.Collections.Immutable;

namespace Dispatcher.SimulatedKernel;

/// <summary>Everything that outlives a call, as lines of text: two censuses are equal when nothing came, went or changed hands.</summary>
internal static class SimCensus
{
    /// <summary>What is on the hooks.</summary>
    public static ImmutableArray<string> Hooks(SimKernel kernel) =>
    [
        .. kernel.Network.Interfaces.SelectMany(found => found.Read().Attached.Select(
            attached => $"{found} {attached.Mode}: program {attached.ProgramId}")),
    ];

    /// <summary>Hooks, pins and what they pin, locks, and every object that lives.</summary>
    public static ImmutableArray<string> Take(SimKernel kernel)
    {
        kernel.Settle();
        return
        [
            .. Hooks(kernel),
            .. kernel.BpfFs.Everything,
            .. kernel.Programs.All.Select(item => item.ToString()),
            .. kernel.Maps.All.Select(item => item.ToString()),
            .. kernel.BtfObjects.All.Select(item => item.ToString()),
            .. kernel.Links.All.Select(item => item.ToString()),
            .. kernel.Processes.Where(process => process.LockCount > 0).Select(process => $"{process.Name} holds {process.LockCount} locks"),
        ];
    }
}
