namespace Dispatcher.Runtime.Kernel;

/// <summary>Everything the core asks of the machine, in one place; the core calls nothing else.</summary>
/// <param name="Bpf">Programs, maps, links.</param>
/// <param name="Hook">The XDP hook of interfaces.</param>
/// <param name="Files">Pins and the lock.</param>
/// <param name="Loader">ELF components.</param>
/// <param name="Pace">Time, waiting and chance.</param>
/// <param name="Host">Other processes and network namespaces.</param>
/// <param name="Maps">Elements of maps.</param>
/// <param name="Probes">Looking into a running chain.</param>
/// <param name="Events">What the kernel tells of interfaces without being asked.</param>
internal sealed record KernelPort(
    IBpf Bpf, IXdpHook Hook, IBpfFs Files, IComponentLoader Loader, IPace Pace, IHostView Host, IMaps Maps, IProbes Probes, IHookEvents Events)
{
    /// <summary>Where the interfaces are, as the user named it; null: where the process is.</summary>
    public string? NetworkNamespace { get; init; }
}
