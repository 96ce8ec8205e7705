using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>The port on the running kernel.</summary>
internal static class LinuxKernel
{
    /// <summary>Opens it. Nothing is touched before the first call.</summary>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    public static KernelPort Open() => OperatingSystem.IsLinux()
        ? new KernelPort(new LinuxBpf(), new RtnetlinkHook(), new LinuxBpfFs(), new LibbpfComponentLoader(), new LinuxPace(), new LinuxHostView())
        : throw new PlatformNotSupportedException("XDP is a feature of the Linux kernel.");
}
