namespace Dispatcher.Runtime.Components;

/// <summary>What the name of an ELF section says of the programs in it, as libbpf reads it.</summary>
internal static class SectionNames
{
    private const string Frags = "xdp.frags";

    private static readonly string[] OtherTypes =
    [
        "socket", "sk_", "sockops", "kprobe", "kretprobe", "uprobe", "uretprobe", "usdt", "ksyscall", "kretsyscall", "tc", "tcx", "netkit", "classifier", "action",
        "tracepoint", "tp", "raw_tp", "raw_tracepoint", "tp_btf", "fentry", "fexit", "fmod_ret", "lsm", "iter", "syscall", "perf_event", "lwt_", "cgroup", "lirc_mode2",
        "flow_dissector", "struct_ops",
    ];

    /// <summary>Whether programs in it are for the hook of an interface; one for a device map or CPU map is not.</summary>
    public static bool IsXdp(string section) =>
        section is "xdp" or Frags
        || ((section.StartsWith("xdp/", StringComparison.Ordinal) || section.StartsWith("xdp_", StringComparison.Ordinal))
            && section is not ("xdp/devmap" or "xdp/cpumap"));

    /// <summary>Whether programs in it take packets in several buffers.</summary>
    public static bool IsFrags(string section) => section == Frags || section.StartsWith(Frags + "/", StringComparison.Ordinal);

    /// <summary>Whether programs in it are of a type that is not XDP. A name that nobody knows says nothing.</summary>
    public static bool IsOfAnotherType(string section) => OtherTypes.Any(type =>
        section == type || (section.StartsWith(type, StringComparison.Ordinal) && (type[^1] == '_' || section[type.Length] is '/' or '.' or '_')));
}
