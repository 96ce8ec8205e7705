using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>Other processes and network namespaces.</summary>
internal sealed class SimHostView(SimProcess process) : SimPort(process), IHostView
{
    public HolderReading ReadHolders() => Call(
        nameof(ReadHolders), "", () => new HolderReading([.. Kernel.Processes.Where(other => other.IsAlive).Select(Holder)], Kernel.SeesAllProcesses));

    public string? ReadCommand(int processId) => Call(
        nameof(ReadCommand), $"{processId}", () => Kernel.Processes.FirstOrDefault(other => other.IsAlive && other.Pid == processId)?.Name);

    public NamespaceReading ReadNamespaces() => Call(nameof(ReadNamespaces), "", () => new NamespaceReading(
        [.. Kernel.Networks.OrderBy(network => network != Process.Network).Select(network => new NamespaceHooks(
            network == Process.Network ? null : network.Name, [.. network.Interfaces.Select(found => found.Read())]))],
        Kernel.SeesAllNamespaces));

    private static ObjectHolder Holder(SimProcess other) => new(
        other.Pid,
        other.Name,
        [.. other.OpenObjects.OfType<SimProgram>().Select(program => new ProgramId(program.Id)).Distinct()],
        [.. other.OpenObjects.OfType<SimLink>().Select(link => new LinkId(link.Id)).Distinct()]);
}
