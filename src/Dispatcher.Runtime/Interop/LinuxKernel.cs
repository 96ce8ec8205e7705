using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>The port on the running kernel.</summary>
internal static class LinuxKernel
{
    /// <summary>Opens it. Nothing but the namespace is touched before the first call.</summary>
    /// <param name="networkNamespace">Where the interfaces are: a name or an absolute path; null: where the calling thread is.</param>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    /// <exception cref="NotFoundException">No such network namespace.</exception>
    public static KernelPort Open(string? networkNamespace = null)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("XDP is a feature of the Linux kernel.");
        var network = networkNamespace is null ? null : NetworkNamespace.Find(networkNamespace);
        var bpf = new LinuxBpf(network);
        return new KernelPort(
            bpf, new RtnetlinkHook(network), new LinuxBpfFs(), new LibbpfComponentLoader(), new LinuxPace(), new LinuxHostView(network),
            new LinuxMaps(), new LinuxProbes(bpf), new LinuxHookEvents(network))
        { NetworkNamespace = networkNamespace };
    }
}
