using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Probing;

/// <summary>A component whose verdicts are counted from here on.</summary>
internal sealed class CountedComponent : IDisposable
{
    private readonly KernelPort _kernel;
    private readonly MapFd _map;
    private readonly ComponentProbe _probe;
    private readonly TimeSpan _since;

    private CountedComponent(KernelPort kernel, MapFd map, ComponentProbe probe)
    {
        _kernel = kernel;
        _map = map;
        _probe = probe;
        _since = kernel.Pace.Now;
    }

    /// <summary>Starts counting.</summary>
    public static CountedComponent Start(KernelPort kernel, AttachedComponent component)
    {
        var map = kernel.Probes.CreateMap(ProbeMapKind.PerCpuArray, VerdictCounter.Map, VerdictCounter.ValueSizeBytes);
        try
        {
            var maps = new Dictionary<string, MapFd>(StringComparer.Ordinal) { [VerdictCounter.Map] = map };
            return new CountedComponent(kernel, map, ComponentProbe.Start(kernel, component, VerdictCounter.Program, maps));
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>What was counted so far.</summary>
    public ComponentCounts Read(ProgramId id, string name, int slot) => new(
        slot, id, name, _kernel.Pace.Now - _since,
        VerdictCounter.Sum(_kernel.Probes.ReadPerCpu(_map, VerdictCounter.ValueSizeBytes)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _probe.Dispose();
        _map.Dispose();
    }
}
