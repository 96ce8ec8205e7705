namespace Dispatcher.Runtime;

/// <summary>How a host's chains are reached and how long a change may take.</summary>
public sealed class XdpDispatcherOptions
{
    /// <summary>Where a host has the BPF file system that its applications share, unless they are told otherwise.</summary>
    public const string UsualBpfFsPath = "/sys/fs/bpf";

    /// <summary>Mount point of the BPF file system that all applications on the host share. Default: <c>LIBXDP_BPFFS</c>, else <see cref="UsualBpfFsPath"/>.</summary>
    public string BpfFsPath { get; set; } =
        Environment.GetEnvironmentVariable("LIBXDP_BPFFS") is { Length: > 0 } path ? path : UsualBpfFsPath;

    /// <summary>Whether to mount a BPF file system there when there is none. Default: <c>LIBXDP_BPFFS_AUTOMOUNT</c> is 1.</summary>
    public bool MountBpfFs { get; set; } = Environment.GetEnvironmentVariable("LIBXDP_BPFFS_AUTOMOUNT") == "1";

    /// <summary>
    /// Network namespace of the interfaces: a name as under <c>/run/netns</c>, or an absolute path such as <c>/proc/1234/ns/net</c>.
    /// Default: null, that of the thread that carries out a request.
    /// </summary>
    /// <remarks>
    /// No thread of the caller moves, and pins stay on the host's BPF file system. The namespace is held as long as the
    /// <see cref="XdpDispatcher"/> is: deleting its name does not end it. Needs CAP_SYS_ADMIN.
    /// </remarks>
    public string? NetworkNamespace { get; set; }

    /// <summary>How long one change may go on trying against others; at most a day. Default: 30 s.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>First pause after a lost race; doubles up to <see cref="MaxBackoff"/>, each with jitter. Default: 1 ms.</summary>
    public TimeSpan InitialBackoff { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Longest pause after a lost race. Default: 100 ms.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How old pins that nobody seems to use must be before they are removed, when not every process of the host can be
    /// looked into. Default: 1 min.
    /// </summary>
    public TimeSpan SweepGracePeriod { get; set; } = TimeSpan.FromMinutes(1);
}
