using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Probing;

/// <summary>A component whose last packets are recorded.</summary>
/// <param name="plan">What is recorded.</param>
/// <param name="probe">Owned.</param>
internal sealed class SampledComponent(SamplerPlan plan, ComponentProbe probe) : IDisposable
{
    /// <summary>What is recorded; another slot or policy needs another program.</summary>
    public SamplerPlan Plan { get; } = plan;

    /// <summary>Starts recording.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="component">The component; its fd is needed only for the call.</param>
    /// <param name="plan">What to record.</param>
    /// <param name="maps">Ring and counter by name; borrowed.</param>
    public static SampledComponent Start(KernelPort kernel, AttachedComponent component, SamplerPlan plan, IReadOnlyDictionary<string, MapFd> maps) =>
        new(plan, ComponentProbe.Start(kernel, component, PacketSampler.Assemble(plan), maps));

    /// <inheritdoc/>
    public void Dispose() => probe.Dispose();
}
